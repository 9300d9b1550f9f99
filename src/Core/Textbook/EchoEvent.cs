namespace Trainyard.Core.Textbook;

/// <summary>What happened to the echoing of one connection.</summary>
public abstract record EchoEvent
{
    private EchoEvent() { }

    /// <summary>Bytes came into the buffer.</summary>
    /// <param name="Bytes">How many; at least 1. The end of the stream is <see cref="EndOfStream"/>, never a count of 0.</param>
    public sealed record Received(int Bytes) : EchoEvent;

    /// <summary>The client has closed its sending side.</summary>
    public sealed record EndOfStream : EchoEvent;

    /// <summary>The socket took bytes of those that were to be sent.</summary>
    /// <param name="Bytes">How many, from their beginning; at least 1.</param>
    public sealed record Sent(int Bytes) : EchoEvent;

    /// <summary>The connection broke.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record PeerGone(int Errno) : EchoEvent;

    /// <summary>Nothing moved for too long.</summary>
    /// <param name="For">For how long.</param>
    public sealed record Stalled(TimeSpan For) : EchoEvent;
}
