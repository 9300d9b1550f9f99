namespace Trainyard.Core.Textbook;

/// <summary>What happened to the sending of one file.</summary>
public abstract record SenderEvent
{
    private SenderEvent() { }

    /// <summary>The file is open; its identity is remembered.</summary>
    /// <param name="Size">Its size then, in bytes.</param>
    public sealed record Opened(long Size) : SenderEvent;

    /// <summary>The file could not be opened, or is no regular file.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record OpenFailed(int Errno) : SenderEvent;

    /// <summary>The socket took bytes of the range that was to be sent.</summary>
    /// <param name="Bytes">How many, from its beginning; at least 1. A socket that takes none answers when it does, or with <see cref="Stalled"/>.</param>
    public sealed record Sent(long Bytes) : SenderEvent;

    /// <summary>The file is what it was when it was opened.</summary>
    public sealed record Unchanged : SenderEvent;

    /// <summary>The file is not what it was when it was opened.</summary>
    public sealed record Changed : SenderEvent;

    /// <summary>The file ends before its size says (a read or sendfile(2) of 0 with bytes owed).</summary>
    /// <param name="AtOffset">Where it ends now, in bytes.</param>
    public sealed record Shrunk(long AtOffset) : SenderEvent;

    /// <summary>The file could not be read or examined.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record ReadFailed(int Errno) : SenderEvent;

    /// <summary>The peer takes nothing any more (EPIPE, ECONNRESET and the like).</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record PeerGone(int Errno) : SenderEvent;

    /// <summary>The peer has taken nothing for too long.</summary>
    /// <param name="For">For how long.</param>
    public sealed record Stalled(TimeSpan For) : SenderEvent;
}
