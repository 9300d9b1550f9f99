namespace Trainyard.Shell.Linux;

/// <summary>Flags of send(2) and recv(2). The bits are the kernel's. MSG_NOSIGNAL is always set on sends and not listed.</summary>
[Flags]
public enum MessageFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Look at the bytes, leave them in the queue (MSG_PEEK).</summary>
    Peek = 0x2,

    /// <summary>Return EAGAIN instead of waiting, this once (MSG_DONTWAIT).</summary>
    DontWait = 0x40,

    /// <summary>On a blocking socket, wait until the whole buffer is full or the stream ends (MSG_WAITALL).</summary>
    WaitAll = 0x100,

    /// <summary>More follows at once: do not send a partial segment yet (MSG_MORE).</summary>
    More = 0x8000,
}
