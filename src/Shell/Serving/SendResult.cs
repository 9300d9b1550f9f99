using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>What came of one attempt to send.</summary>
/// <param name="Stop">Whether bytes moved, or why none did.</param>
/// <param name="Count">Bytes that moved; for <see cref="SendStop.Shrunk"/> the file offset at which it ends now.</param>
/// <param name="Error">The error number behind a failure.</param>
internal readonly record struct SendResult(SendStop Stop, long Count, Errno Error)
{
    /// <summary>Bytes moved.</summary>
    public static SendResult Sent(long count) => new(SendStop.Sent, count, Errno.None);

    /// <summary>The file ends at <paramref name="offset"/>, before its size.</summary>
    public static SendResult Shrunk(long offset) => new(SendStop.Shrunk, offset, Errno.None);

    /// <summary>The file cannot be read.</summary>
    public static SendResult ReadFailed(Errno error) => new(SendStop.ReadFailed, 0, error);

    /// <summary>What a call that writes to the socket answered.</summary>
    public static SendResult OfSocket(IoResult result) =>
        result.IsOk ? Sent(result.Count)
        : result.WouldBlock ? new(SendStop.WouldBlock, 0, Errno.None)
        : new(SendStop.PeerGone, 0, result.Error);
}

/// <summary>How an attempt to send ended.</summary>
internal enum SendStop
{
    /// <summary>Bytes moved.</summary>
    Sent,

    /// <summary>The socket takes nothing at the moment.</summary>
    WouldBlock,

    /// <summary>The peer closed or reset the connection.</summary>
    PeerGone,

    /// <summary>The file is shorter than it was.</summary>
    Shrunk,

    /// <summary>The file cannot be read.</summary>
    ReadFailed,
}
