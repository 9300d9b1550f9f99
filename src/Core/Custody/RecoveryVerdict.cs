namespace Trainyard.Core.Custody;

/// <summary>How it goes on with a connection whose worker is gone.</summary>
public abstract record RecoveryVerdict
{
    private RecoveryVerdict() { }

    /// <summary>Everything is at hand, and the client will not notice.</summary>
    /// <param name="Rest">The entry without the answers that are complete: what the next worker journals first. Without answers, nothing is owed.</param>
    /// <param name="Position">From which byte of the first of its answers on to send; 0 without answers.</param>
    /// <param name="Discard">How many bytes that are accounted for still wait in the socket: read them first, and throw them away.</param>
    /// <param name="Landed">How many bytes lie in the landing place behind those that are accounted for: the next to be used.</param>
    public sealed record Continue(JournalEntry Rest, long Position, long Discard, int Landed = 0) : RecoveryVerdict;

    /// <summary>Bytes of an upload were read and died with the worker: the client has to send again from its <c>Offset + Received</c> on.</summary>
    /// <param name="Rest">As in <see cref="Continue"/>; nothing is ahead, and its intake says how much of the present train is to be stepped over.</param>
    /// <param name="Position">As in <see cref="Continue"/>.</param>
    /// <param name="Lost">How many bytes of the file were lost.</param>
    public sealed record Rewind(JournalEntry Rest, long Position, long Lost) : RecoveryVerdict;

    /// <summary>The connection must be ended.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Fail(RecoveryError Error) : RecoveryVerdict;
}
