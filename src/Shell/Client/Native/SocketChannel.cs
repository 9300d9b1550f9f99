using System.Runtime.InteropServices;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>A TCP or Unix stream socket as it is.</summary>
internal sealed class SocketChannel(SocketDescriptor socket) : IByteChannel
{
    /// <inheritdoc/>
    public bool CanSendFile => true;

    /// <inheritdoc/>
    public IoResult Receive(Span<byte> buffer) => Libc.Receive(socket, buffer);

    /// <inheritdoc/>
    public IoResult Send(ReadOnlySpan<byte> bytes, bool more) => Libc.Send(socket, bytes, more ? MessageFlags.More : MessageFlags.None);

    /// <inheritdoc/>
    public IoResult SendFile(FileDescriptor file, long offset, long count) => Libc.SendFile(socket, file, offset, count);

    /// <inheritdoc/>
    public (PollEvents Ready, bool Woken) Wait(PollEvents interest, SafeHandle wake, int timeoutMs)
    {
        var (ready, woken) = Libc.Poll(socket, interest, wake, PollEvents.Readable, timeoutMs);
        return (ready, woken != PollEvents.None);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
