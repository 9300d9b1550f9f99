using System.Globalization;
using Trainyard.Shell;

namespace Trainyard.Cli;

/// <summary>A failure in words: as a sentence for people, and as one word for programs.</summary>
internal static class FailureText
{
    /// <summary>What happened, and what can be done about it.</summary>
    public static string Of(TransferException failure)
    {
        var sentence = failure.Message.TrimEnd('.');
        if (failure.CanResume)
            sentence += "; what has moved is kept, and the same command resumes";
        if (failure.RetryAfter is { } wait)
            sentence += string.Create(CultureInfo.InvariantCulture, $"; the server asks to wait {wait.TotalSeconds:0.##} s");
        return sentence;
    }

    /// <summary>The same, and what it happened to, if the sentence does not name it anyway.</summary>
    public static string Of(TransferException failure, string subject) =>
        failure.Message.Contains(subject, StringComparison.Ordinal) ? Of(failure) : $"{subject}: {Of(failure)}";

    /// <summary>The reason in one word, as it stands in JSON; the words never change their meaning.</summary>
    public static string Word(TransferFailure reason) =>
        reason switch
        {
            TransferFailure.Connect => "connect",
            TransferFailure.Protocol => "protocol",
            TransferFailure.Truncated => "truncated",
            TransferFailure.Integrity => "integrity",
            TransferFailure.Timeout => "timeout",
            TransferFailure.LocalIO => "local-io",
            TransferFailure.NoSpace => "no-space",
            TransferFailure.Usage => "usage",
            TransferFailure.Version => "version",
            TransferFailure.Auth => "auth",
            TransferFailure.Busy => "busy",
            TransferFailure.NotFound => "not-found",
            TransferFailure.Denied => "denied",
            TransferFailure.Exists => "exists",
            TransferFailure.Changed => "changed",
            TransferFailure.WrongKind => "wrong-kind",
            TransferFailure.RemoteIO => "remote-io",
            TransferFailure.PartialSet => "partial-set",
            TransferFailure.Interrupted => "interrupted",
            _ => "fault",
        };
}
