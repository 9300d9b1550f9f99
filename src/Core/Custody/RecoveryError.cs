namespace Trainyard.Core.Custody;

/// <summary>Why a connection cannot be gone on with. It is ended; a client that can, resumes in a new one.</summary>
public abstract record RecoveryError
{
    private RecoveryError() { }

    /// <summary>Bytes before the first answer never reached the kernel. A fault of the worker, which wrote the entry too early.</summary>
    /// <param name="Written">Where the first answer begins.</param>
    /// <param name="Queued">Bytes queued.</param>
    public sealed record Unsent(long Written, long Queued) : RecoveryError;

    /// <summary>More was sent than the answers have. A fault of the worker, which sent what it had not journalled.</summary>
    /// <param name="Excess">By how many bytes.</param>
    public sealed record Unjournalled(long Excess) : RecoveryError;

    /// <summary>The worker had read bytes that it had not journalled, and they are no part of an upload that could be sent again.</summary>
    /// <param name="Bytes">How many.</param>
    public sealed record InputLost(long Bytes) : RecoveryError;

    /// <summary>The answer under way cannot be said by another worker.</summary>
    /// <param name="Why">Why that is so.</param>
    public sealed record Unrepeatable(JournalObstacle Why) : RecoveryError;

    /// <summary>The entry describes an answer that no file can have. A fault of the worker.</summary>
    public sealed record Impossible : RecoveryError;
}
