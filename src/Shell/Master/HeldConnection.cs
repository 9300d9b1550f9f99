using System.Net;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>A connection in the master's custody: its duplicate of the socket, until the connection's end is known.</summary>
internal sealed class HeldConnection(SocketDescriptor socket, IPEndPoint? peer) : IDisposable
{
    /// <summary>The master's descriptor.</summary>
    public SocketDescriptor Socket { get; } = socket;

    /// <summary>The client's address; <c>null</c> on a Unix socket.</summary>
    public IPEndPoint? Peer { get; } = peer;

    /// <summary>The client for a log line.</summary>
    public PeerName Name => new(Peer);

    /// <summary>Who has it at the moment.</summary>
    public WorkerId? Worker { get; set; }

    /// <summary>
    /// Whether nothing was sent on the connection and nothing read from it by anybody: another worker can begin it afresh. The kernel
    /// counts both, and goes on counting when the process that moved the bytes is dead (tcp(7), TCP_INFO). Of a Unix socket it does not.
    /// </summary>
    public bool IsUntouched() =>
        Libc.GetTcpInfo(Socket, out var info) == Errno.None
        && info.State is TcpInfo.Established or TcpInfo.CloseWait
        && info.TotalQueued == 0
        && (long)info.ReceivedBytes == Libc.ReadableBytes(Socket);

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
