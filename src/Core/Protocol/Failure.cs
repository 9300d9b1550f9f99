using System.Text;
using Trainyard.Core.Textbook;

namespace Trainyard.Core.Protocol;

/// <summary>A failure as it travels.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Text">What the peer adds, for people; may be empty. Foreign: show <see cref="Sentence"/>, never this.</param>
/// <param name="IsRetryable">Whether the same request may succeed later.</param>
/// <param name="RetryAfter">How long to wait before that, in whole milliseconds, at most <see cref="MaximumRetryAfter"/>; <c>null</c> is not known.</param>
public sealed record Failure(ErrorCode Code, string Text, bool IsRetryable, long? RetryAfter)
{
    /// <summary>The longest wait that can be asked for, in milliseconds: a day.</summary>
    public const long MaximumRetryAfter = 24 * 60 * 60 * 1000;

    /// <summary>A failure with the usual answer to whether to try again.</summary>
    public static Failure Of(ErrorCode code, string text = "") => new(code, text, IsUsuallyRetryable(code), null);

    /// <summary>Whether the same request may succeed later, as far as the number alone tells.</summary>
    public static bool IsUsuallyRetryable(ErrorCode code) =>
        code is ErrorCode.Busy or ErrorCode.Integrity or ErrorCode.RemoteIO or ErrorCode.Timeout or ErrorCode.Interrupted;

    /// <summary>One English sentence for people, with the peer's words behind it. Safe to print on a terminal.</summary>
    public string Sentence => Text.Length == 0 ? Describe(Code) : $"{Describe(Code)} ({SafeText.Of(Encoding.UTF8.GetBytes(Text))})";

    private static string Describe(ErrorCode code) =>
        code switch
        {
            ErrorCode.Internal => "The peer failed by a fault of its own.",
            ErrorCode.Protocol => "The protocol was broken.",
            ErrorCode.Usage => "The request makes no sense.",
            ErrorCode.Version => "No version of the protocol is spoken by both sides.",
            ErrorCode.Auth => "The credential is missing or wrong.",
            ErrorCode.Busy => "There is no room at the moment.",
            ErrorCode.NotFound => "There is no such file or directory.",
            ErrorCode.Denied => "Permission is denied.",
            ErrorCode.Exists => "There is one already.",
            ErrorCode.Changed => "The file has changed.",
            ErrorCode.Integrity => "The bytes are damaged.",
            ErrorCode.LocalIO => "Reading or writing failed there.",
            ErrorCode.RemoteIO => "Reading or writing failed behind it.",
            ErrorCode.NoSpace => "The disk or the quota is full.",
            ErrorCode.Timeout => "Nothing moved for too long.",
            ErrorCode.TooLarge => "A limit was exceeded.",
            ErrorCode.Interrupted => "The transfer was broken off and can be resumed.",
            ErrorCode.Unsupported => "The request is not known.",
            ErrorCode.IsDirectory => "It is a directory.",
            ErrorCode.NotDirectory => "It is not a directory.",
            ErrorCode.NotEmpty => "The directory is not empty.",
            ErrorCode.NotServed => "Only files, directories and links inside the root are served.",
            _ => $"Error number {(int)code}.",
        };
}
