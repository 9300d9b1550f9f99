namespace Trainyard.Shell.Linux;

/// <summary>
/// Readiness of a descriptor, and how to be told of it. The bits are those of epoll(7); the low ones are those of poll(2) too.
/// </summary>
[Flags]
public enum PollEvents : uint
{
    /// <summary>Nothing: <see cref="Error"/> and <see cref="HangUp"/> are reported all the same.</summary>
    None = 0,

    /// <summary>Bytes, a connection, a message or the end of the stream can be read without waiting (EPOLLIN).</summary>
    Readable = 0x1,

    /// <summary>There is room to write (EPOLLOUT).</summary>
    Writable = 0x4,

    /// <summary>An error is pending, or the reader of a pipe has gone (EPOLLERR). Always reported.</summary>
    Error = 0x8,

    /// <summary>Both directions are shut down (EPOLLHUP). Always reported.</summary>
    HangUp = 0x10,

    /// <summary>The peer will write no more (EPOLLRDHUP).</summary>
    PeerClosedWriting = 0x2000,

    /// <summary>Report once, then be silent until modified (EPOLLONESHOT).</summary>
    OneShot = 1u << 30,

    /// <summary>Report changes only: the caller has to read or write until EAGAIN (EPOLLET).</summary>
    EdgeTriggered = 1u << 31,
}
