namespace Trainyard.Core.Textbook;

/// <summary>What happened to a client of an echo server.</summary>
public abstract record EchoReceiverEvent
{
    private EchoReceiverEvent() { }

    /// <summary>The socket took bytes.</summary>
    /// <param name="Bytes">How many; at least 1.</param>
    public sealed record Sent(long Bytes) : EchoReceiverEvent;

    /// <summary>Everything is sent, and the sending side is closed.</summary>
    public sealed record SendingClosed : EchoReceiverEvent;

    /// <summary>Bytes came back.</summary>
    /// <param name="Bytes">How many; at least 1.</param>
    public sealed record Returned(long Bytes) : EchoReceiverEvent;

    /// <summary>The server has closed its sending side.</summary>
    /// <param name="DigestsAgree">Whether the digest of what came back is that of what was sent.</param>
    public sealed record EndOfStream(bool DigestsAgree) : EchoReceiverEvent;

    /// <summary>The connection broke.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record ConnectionLost(int Errno) : EchoReceiverEvent;

    /// <summary>Nothing moved for too long.</summary>
    /// <param name="For">For how long.</param>
    public sealed record Stalled(TimeSpan For) : EchoReceiverEvent;
}
