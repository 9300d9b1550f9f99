namespace Trainyard.Shell.Linux;

/// <summary>What a connection's driver does with its socket. None of it waits: the sockets of a pool are non-blocking.</summary>
/// <remarks>Thread-safe as the kernel's calls are: two threads on one socket share one stream.</remarks>
public static class SocketCalls
{
    /// <summary>Takes bytes that have arrived (recv(2)).</summary>
    /// <returns>How many; 0 at the end of the stream; <see cref="IoResult.WouldBlock"/> where there are none yet; or why there never will be.</returns>
    public static IoResult Receive(this Descriptor socket, Span<byte> buffer) => Libc.Receive(socket, buffer);

    /// <summary>Queues bytes (send(2)). A peer that has gone gives EPIPE, never SIGPIPE.</summary>
    /// <returns>How many, which may be fewer than given; <see cref="IoResult.WouldBlock"/> where the queue is full; or why nothing can be sent.</returns>
    public static IoResult Send(this Descriptor socket, ReadOnlySpan<byte> bytes, MessageFlags flags = MessageFlags.None) =>
        Libc.Send(socket, bytes, flags);

    /// <summary>
    /// Ends one or both directions, for every duplicate of the socket (shutdown(2)). A driver ends its connection so: closing its
    /// descriptor would not reach the peer, because the master still holds a duplicate.
    /// </summary>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.NotConnected"/> where the peer has reset it already.</returns>
    public static Errno Shutdown(this Descriptor socket, SocketDirection direction) => Libc.Shutdown(socket, direction);
}
