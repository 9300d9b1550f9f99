namespace Trainyard.Core.Textbook;

/// <summary>How the sending of one file ended.</summary>
public abstract record SenderOutcome
{
    private SenderOutcome() { }

    /// <summary>Everything has left, and the file did not change meanwhile.</summary>
    /// <param name="FileBytes">Bytes of the file.</param>
    /// <param name="WireBytes">Bytes of the response.</param>
    public sealed record Completed(long FileBytes, long WireBytes) : SenderOutcome;

    /// <summary>The file could not be opened. The environment's fault.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record Unavailable(int Errno) : SenderOutcome;

    /// <summary>The file has no response in this dialect. Our own fault.</summary>
    public sealed record Unsendable(LayoutError Error) : SenderOutcome;

    /// <summary>The file became shorter while it was sent. The environment's fault.</summary>
    /// <param name="AtOffset">Where it ended, in bytes.</param>
    public sealed record Shrank(long AtOffset) : SenderOutcome;

    /// <summary>The file was changed while it was sent. The environment's fault.</summary>
    public sealed record Changed : SenderOutcome;

    /// <summary>The file could not be read. The environment's fault.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record ReadFailed(int Errno) : SenderOutcome;

    /// <summary>The peer took nothing any more. The peer's or the network's fault.</summary>
    /// <param name="Errno">The error number.</param>
    /// <param name="WireBytes">Bytes of the response that had left.</param>
    public sealed record PeerGone(int Errno, long WireBytes) : SenderOutcome;

    /// <summary>The peer took nothing for too long. The peer's or the network's fault.</summary>
    /// <param name="For">For how long.</param>
    /// <param name="WireBytes">Bytes of the response that had left.</param>
    public sealed record Stalled(TimeSpan For, long WireBytes) : SenderOutcome;

    /// <summary>A count or position that cannot be. Our own fault.</summary>
    /// <param name="Count">The count, in bytes.</param>
    /// <param name="Limit">The most it could have been; the least is 1 for bytes sent and 0 for a position.</param>
    public sealed record Broken(long Count, long Limit) : SenderOutcome;
}
