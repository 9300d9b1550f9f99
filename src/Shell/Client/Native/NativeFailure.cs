using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>The one place that turns what the protocol or the connection says into the exception that a caller sees.</summary>
internal static class NativeFailure
{
    /// <summary>The server refused something.</summary>
    /// <param name="what">What was asked about, safe to print.</param>
    /// <param name="failure">What it says.</param>
    public static TransferException Of(string what, Failure failure) =>
        new(ReasonOf(failure.Code), $"{what}: {failure.Sentence}")
        {
            IsRetryable = failure.IsRetryable,
            RetryAfter = failure.RetryAfter is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };

    /// <summary>The session cannot go on. Another one may, unless the two sides do not understand each other at all.</summary>
    public static TransferException Of(TrainAddress server, SessionError? error) =>
        error switch
        {
            SessionError.Refused(var failure) => Of(server.Server, failure),
            SessionError.NoCommonVersion or SessionError.NoCommonHash =>
                new(TransferFailure.Version, $"{server.Server}: the server speaks another version of the protocol"),
            SessionError.BadMessage(MessageError.Damaged) =>
                new(TransferFailure.Integrity, $"{server.Server}: a message arrived damaged") { IsRetryable = true },
            SessionError.BadAnswer(ResponseError.Changed) => Changed(server.Server),
            null or SessionError.Truncated => Broken(server, "the server closed the connection"),
            // A damaged header reads as anything; a new session may go well.
            _ => new(TransferFailure.Protocol, $"{server.Server}: {SessionErrorText.Sentence(error)}") { IsRetryable = error is not SessionError.Misused },
        };

    /// <summary>The connection broke.</summary>
    public static TransferException Broken(TrainAddress server, Errno error) => Broken(server, ErrnoText.Describe(error));

    /// <summary>Nothing moved for too long.</summary>
    public static TransferException Stalled(TrainAddress server, TimeSpan limit) =>
        new(TransferFailure.Timeout, $"{server.Server}: nothing moved for {limit.TotalSeconds:0.###} seconds") { IsRetryable = true };

    /// <summary>The file is not the one that was meant.</summary>
    public static TransferException Changed(string what) => new(TransferFailure.Changed, $"{what}: the file has changed");

    /// <summary>The bytes are not those that were announced.</summary>
    public static TransferException Damaged(string what) =>
        new(TransferFailure.Integrity, $"{what}: what arrived is not what was sent") { IsRetryable = true };

    private static TransferException Broken(TrainAddress server, string why) =>
        new(TransferFailure.Interrupted, $"{server.Server}: the connection broke: {why}") { IsRetryable = true };

    private static TransferFailure ReasonOf(ErrorCode code) =>
        code switch
        {
            ErrorCode.Protocol => TransferFailure.Protocol,
            ErrorCode.Usage or ErrorCode.TooLarge => TransferFailure.Usage,
            ErrorCode.Version or ErrorCode.Unsupported => TransferFailure.Version,
            ErrorCode.Auth => TransferFailure.Auth,
            ErrorCode.Busy => TransferFailure.Busy,
            ErrorCode.NotFound => TransferFailure.NotFound,
            ErrorCode.Denied or ErrorCode.NotServed => TransferFailure.Denied,
            ErrorCode.Exists or ErrorCode.NotEmpty => TransferFailure.Exists,
            ErrorCode.Changed => TransferFailure.Changed,
            ErrorCode.Integrity => TransferFailure.Integrity,
            ErrorCode.NoSpace => TransferFailure.NoSpace,
            ErrorCode.Timeout => TransferFailure.Timeout,
            ErrorCode.Interrupted => TransferFailure.Interrupted,
            ErrorCode.IsDirectory or ErrorCode.NotDirectory => TransferFailure.WrongKind,
            // Its own disk, one behind it, its own fault, or a number that is not known here.
            _ => TransferFailure.RemoteIO,
        };
}
