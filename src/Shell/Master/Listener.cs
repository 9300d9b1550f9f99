using System.Net;
using System.Net.Sockets;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>A listening stream socket, TCP or Unix.</summary>
internal sealed class Listener : IDisposable
{
    // The kernel cuts this down to net.core.somaxconn; connections above the pool's own backlog wait there.
    private const int KernelBacklog = 4096;

    // So many bytes are always ready for a reader that takes them. Without a limit each slow reader holds megabytes in the kernel's queue, and a
    // thousand of them put all of TCP under memory pressure (tcp_mem), in which a fast transfer stands still for seconds.
    internal const int MostUnsent = 256 * 1024;

    private readonly SocketName? _name;

    private Listener(SocketDescriptor socket, EndPoint endPoint, SocketName? name = null)
    {
        Socket = socket;
        EndPoint = endPoint;
        _name = name;
    }

    /// <summary>The descriptor, to wait for.</summary>
    public SocketDescriptor Socket { get; }

    /// <summary>Where it listens: an <see cref="IPEndPoint"/> with the real port, or a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Whether its name in the file system belongs to the service, and not to whoever passed us the socket.</summary>
    public bool HasOwnName => _name is not null;

    /// <summary>
    /// Whether disposing removes that name: so it is with what we opened, and no longer or not yet while another master serves there too.
    /// </summary>
    public bool RemovesName { get; set; }

    /// <summary>Takes over a socket that somebody else bound and passed to us.</summary>
    /// <param name="socket">The descriptor, owned from now on; closed where it will not do.</param>
    /// <param name="what">What to call it when it will not.</param>
    /// <param name="ownName">The service's own name of a Unix socket; <c>null</c> where it has none, or another one's.</param>
    /// <exception cref="TransferException">It is no listening TCP or Unix stream socket (<see cref="TransferFailure.Listen"/>).</exception>
    public static Listener Adopt(SocketDescriptor socket, string what, string? ownName = null)
    {
        var refused = !Libc.IsSocket(socket) ? "no socket"
            : Libc.GetOption(socket, SocketOption.Type) != Libc.SocketStream ? "no stream socket"
            : Libc.GetOption(socket, SocketOption.Listening) == 0 ? "not listening"
            : null;
        var address = refused is null ? AddressOf(socket, ownName) : null;
        if (address is null)
        {
            socket.Dispose();
            throw new TransferException(TransferFailure.Listen, $"{what} cannot be served: it is {refused ?? "neither a TCP nor a Unix socket"}");
        }
        // Whoever made it may have left it blocking, and one that accepts must never wait.
        Libc.SetNonBlocking(socket, true);
        Tune(socket, address);
        return new Listener(socket, address, ownName is null ? null : SocketName.Find(ownName));
    }

    /// <summary>Binds and listens.</summary>
    /// <param name="address">An <see cref="IPEndPoint"/>, of which one of IPv6 leaves IPv4 alone; or a <see cref="UnixDomainSocketEndPoint"/> with a path.</param>
    /// <param name="unixMode">Who may connect to a Unix socket, as permissions of its file.</param>
    /// <exception cref="TransferException">The address is in use, not ours, or not permitted (<see cref="TransferFailure.Listen"/>).</exception>
    public static Listener Open(EndPoint address, UnixFileMode unixMode) =>
        address switch
        {
            IPEndPoint ip => OpenTcp(ip),
            UnixDomainSocketEndPoint unix when PathOf(unix) is { } path => OpenUnix(path, unixMode),
            _ => throw new TransferException(TransferFailure.Listen, $"cannot listen on {EndPointText.Of(address)}: neither an IP address nor a path"),
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (RemovesName)
            _name?.Remove();
        Socket.Dispose();
    }

    private static Listener OpenTcp(IPEndPoint address)
    {
        var listening = Libc.Listen(address, KernelBacklog, onlyIPv6: true);
        if (!listening.IsOk)
            throw new TransferException(TransferFailure.Listen, $"cannot listen on {address}: {ErrnoText.Describe(listening.Error)}");
        Tune(listening.Descriptor, address);
        return new Listener(listening.Descriptor, Libc.LocalEndPoint(listening.Descriptor) ?? address);
    }

    private static Listener OpenUnix(string path, UnixFileMode mode)
    {
        var endPoint = new UnixDomainSocketEndPoint(path);
        var (socket, name) = SocketName.Listen(path, (uint)mode, KernelBacklog, $"cannot listen on {EndPointText.Of(endPoint)}");
        return new Listener(socket, endPoint, name) { RemovesName = true };
    }

    /// <summary>
    /// Limits what waits unsent in the kernel's queue of each connection that is accepted from now on. For a crowd: it costs a fast
    /// reader up to a fifth of its rate, so that the native protocol lifts it for those (<see cref="Core.Transfer.ReaderPace"/>), and a pool of one connection a worker is better off without.
    /// </summary>
    public void LimitUnsent()
    {
        if (EndPoint is IPEndPoint)
            Libc.LimitUnsent(Socket, MostUnsent);
    }

    /// <summary>The whole path, which means the same wherever the process or its successor works; <c>null</c> for an abstract name.</summary>
    private static string? PathOf(UnixDomainSocketEndPoint address) =>
        address.Serialize()[Libc.UnixPathOffset] == 0 ? null : Path.GetFullPath(address.ToString());

    // A name of our own is not the one that the socket was bound to: see SocketName.
    private static EndPoint? AddressOf(SocketDescriptor socket, string? ownName) =>
        ownName is not null ? new UnixDomainSocketEndPoint(ownName) : Libc.LocalEndPoint(socket) ?? (EndPoint?)Libc.LocalUnixEndPoint(socket);

    // Accepted sockets inherit all of it. On loopback there is no path to probe, and the pacing of BBR, where that is the default,
    // halves the throughput there; where the kernel has no cubic, its default stays.
    private static void Tune(SocketDescriptor socket, EndPoint endPoint)
    {
        if (endPoint is not IPEndPoint address)
            return;
        Libc.SetOption(socket, SocketOption.NoDelay, 1);
        if (IPAddress.IsLoopback(address.Address))
            _ = Libc.SetCongestionControl(socket, "cubic");
    }
}
