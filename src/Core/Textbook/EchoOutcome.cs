namespace Trainyard.Core.Textbook;

/// <summary>How the echoing of one connection ended, as the server sees it.</summary>
public abstract record EchoOutcome
{
    private EchoOutcome() { }

    /// <summary>The client closed its sending side, and everything has gone back.</summary>
    /// <param name="Returned">Bytes that went back.</param>
    public sealed record Completed(long Returned) : EchoOutcome;

    /// <summary>The connection broke. The peer's or the network's fault.</summary>
    /// <param name="Errno">The error number.</param>
    /// <param name="Returned">Bytes that had gone back.</param>
    public sealed record PeerGone(int Errno, long Returned) : EchoOutcome;

    /// <summary>Nothing moved for too long. The peer's or the network's fault.</summary>
    /// <param name="For">For how long.</param>
    /// <param name="Returned">Bytes that had gone back.</param>
    public sealed record Stalled(TimeSpan For, long Returned) : EchoOutcome;

    /// <summary>A count that cannot be. Our own fault.</summary>
    /// <param name="Count">The count, in bytes.</param>
    /// <param name="Limit">The most it could have been; the least is 1.</param>
    public sealed record Broken(int Count, int Limit) : EchoOutcome;
}
