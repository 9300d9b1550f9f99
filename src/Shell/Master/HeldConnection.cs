using System.Net;
using Trainyard.Core.Custody;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>A connection in the master's custody: its duplicate of the socket, until the connection's end is known.</summary>
/// <param name="socket">The master's descriptor.</param>
/// <param name="peer">The client's address; <c>null</c> on a Unix socket.</param>
/// <param name="journal">What another master's workers have said of it; empty where it is new.</param>
internal sealed class HeldConnection(SocketDescriptor socket, IPEndPoint? peer, byte[] journal) : IDisposable
{
    private readonly PeerAddress _peer = new(peer);
    private StreamCounts _atDispatch;

    /// <summary>The master's descriptor.</summary>
    public SocketDescriptor Socket { get; } = socket;

    /// <summary>The client's address; <c>null</c> on a Unix socket.</summary>
    public IPEndPoint? Peer => _peer.ToEndPoint();

    /// <summary>Whether it came over TCP, whose bytes the kernel counts.</summary>
    public bool IsCounted => _peer.IsKnown;

    /// <summary>The client for a log line.</summary>
    public PeerName Name => new(Peer);

    /// <summary>Who has it at the moment.</summary>
    public WorkerId? Worker { get; set; }

    /// <summary>Its slot in the journal; <see cref="JournalSlots.None"/> where it has none.</summary>
    public int Slot { get; set; } = JournalSlots.None;

    /// <summary>What its slot is to begin with; empty for a new connection, and while it has a slot.</summary>
    public byte[] Saved { get; set; } = journal;

    /// <summary>Whether its first byte is waited for.</summary>
    public bool IsWatched { get; set; }

    /// <summary>
    /// Whether nothing was sent on the connection and nothing read from it by anybody: another worker can begin it afresh. The kernel
    /// counts both, and goes on counting when the process that moved the bytes is dead. Of a Unix socket it does not.
    /// </summary>
    public bool IsUntouched() =>
        Libc.CountStream(Socket, out var counts, out var info) == Errno.None
        && info.State is TcpInfo.Established or TcpInfo.CloseWait
        && counts == default;

    /// <summary>A worker is about to get it.</summary>
    /// <param name="hasBegun">Whether another has had it before.</param>
    public void BeginDispatch(bool hasBegun) =>
        _atDispatch = hasBegun && Libc.CountStream(Socket, out var counts, out _) == Errno.None ? counts : default;

    /// <summary>Whether anything was sent or read since it was dispatched last.</summary>
    public bool HasMoved() => Libc.CountStream(Socket, out var counts, out _) != Errno.None || counts != _atDispatch;

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
