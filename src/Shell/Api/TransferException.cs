namespace Trainyard.Shell;

/// <summary>A transfer failed; <see cref="Reason"/> says why for programs, the message for people, in one sentence.</summary>
public sealed class TransferException : IOException
{
    /// <summary>An exception with its reason and its sentence.</summary>
    public TransferException(TransferFailure reason, string message) : base(message) => Reason = reason;

    /// <summary>An exception with its reason, its sentence and what caused it.</summary>
    public TransferException(TransferFailure reason, string message, Exception innerException) : base(message, innerException) => Reason = reason;

    /// <summary>Why it failed.</summary>
    public TransferFailure Reason { get; }

    /// <summary>Whether the same call may succeed later, as far as is known.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>How long to wait before trying again; <c>null</c> where nobody said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether what has moved so far is kept, so that the same call goes on from there.</summary>
    public bool CanResume { get; init; }
}
