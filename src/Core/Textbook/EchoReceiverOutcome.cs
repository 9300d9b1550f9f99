namespace Trainyard.Core.Textbook;

/// <summary>How an echo ended, as the client sees it.</summary>
public abstract record EchoReceiverOutcome
{
    private EchoReceiverOutcome() { }

    /// <summary>Everything came back as it was sent.</summary>
    /// <param name="Bytes">Bytes in each direction.</param>
    public sealed record Completed(long Bytes) : EchoReceiverOutcome;

    /// <summary>Fewer bytes came back than were sent. The server's or the network's fault.</summary>
    public sealed record Truncated(long Sent, long Returned) : EchoReceiverOutcome;

    /// <summary>The server ended before the client did, though all that was sent by then came back. The server's fault.</summary>
    /// <param name="Bytes">Bytes in each direction by then.</param>
    public sealed record EndedEarly(long Bytes) : EchoReceiverOutcome;

    /// <summary>More bytes came back than were sent. The server's fault.</summary>
    public sealed record Excess(long Sent, long Returned) : EchoReceiverOutcome;

    /// <summary>As many bytes came back as were sent, but others. The server's fault.</summary>
    /// <param name="Bytes">Bytes in each direction.</param>
    public sealed record Altered(long Bytes) : EchoReceiverOutcome;

    /// <summary>The connection broke. The server's or the network's fault.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record ConnectionLost(int Errno) : EchoReceiverOutcome;

    /// <summary>Nothing moved for too long. The server's or the network's fault.</summary>
    /// <param name="For">For how long.</param>
    public sealed record Stalled(TimeSpan For) : EchoReceiverOutcome;

    /// <summary>A count that cannot be: none, negative, or past what can be counted. Our own fault.</summary>
    /// <param name="Count">The count, in bytes.</param>
    public sealed record Broken(long Count) : EchoReceiverOutcome;
}
