using System.Net;
using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>socket(2), socketpair(2), bind(2), listen(2), connect(2), accept4(2), shutdown(2), getsockname(2), getpeername(2).</content>
internal static unsafe partial class Libc
{
    internal const int FamilyUnix = 1;
    internal const int SocketStream = 1;
    internal const int SocketNonBlocking = 0x800;
    internal const int SocketCloseOnExec = 0x80000;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int bind(SafeHandle sockfd, byte* addr, uint addrlen);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int listen(SafeHandle sockfd, int backlog);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int connect(SafeHandle sockfd, byte* addr, uint addrlen);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int accept4(SafeHandle sockfd, byte* addr, uint* addrlen, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int shutdown(SafeHandle sockfd, int how);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getsockname(SafeHandle sockfd, byte* addr, uint* addrlen);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getpeername(SafeHandle sockfd, byte* addr, uint* addrlen);

    /// <summary>Makes two Unix sockets that are connected to each other.</summary>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    internal static (SocketDescriptor First, SocketDescriptor Second) SocketPair(LaneKind kind, bool nonBlocking)
    {
        var numbers = stackalloc int[2];
        var type = (int)kind | SocketCloseOnExec | (nonBlocking ? SocketNonBlocking : 0);
        Required(nameof(socketpair), socketpair(FamilyUnix, type, 0, numbers));
        return (new(numbers[0]), new(numbers[1]));
    }

    /// <summary>Opens a TCP listener: non-blocking, SO_REUSEADDR.</summary>
    /// <param name="endPoint">Where to listen; port 0 lets the kernel choose (<see cref="LocalEndPoint"/> tells which).</param>
    /// <param name="backlog">How many connections may wait for accept; the kernel cuts it to net.core.somaxconn.</param>
    /// <param name="onlyIPv6">An IPv6 listener leaves IPv4 clients alone. Without effect on an IPv4 one.</param>
    /// <returns>The listener; or address in use, not available, not permitted, family not supported, out of descriptors.</returns>
    internal static DescriptorResult<SocketDescriptor> Listen(IPEndPoint endPoint, int backlog, bool onlyIPv6)
    {
        var created = CreateTcp(endPoint);
        if (!created.IsOk)
            return created;
        SetOption(created.Descriptor, SocketOption.ReuseAddress, 1);
        if (SocketAddress.FamilyOf(endPoint) == SocketAddress.FamilyIPv6)
            SetOption(created.Descriptor, SocketOption.OnlyIPv6, onlyIPv6 ? 1 : 0);

        var address = stackalloc byte[SocketAddress.MaximumSize];
        var length = (uint)SocketAddress.Write(endPoint, new(address, SocketAddress.MaximumSize));
        var bound = Value(nameof(bind), bind(created.Descriptor, address, length), Errno.InvalidArgument);
        var listening = bound.IsOk ? Value(nameof(listen), listen(created.Descriptor, backlog)) : bound;
        if (listening.IsOk)
            return created;
        created.Descriptor.Dispose();
        return new(listening.Error);
    }

    /// <summary>Begins to connect, without waiting.</summary>
    /// <param name="endPoint">Where to.</param>
    /// <param name="congestionControl">The congestion control to use where the kernel has it and permits it; <c>null</c> for its default.</param>
    /// <returns>
    /// A non-blocking socket. The connection stands or has failed once it is <see cref="PollEvents.Writable"/>; <see cref="TakeError"/>
    /// then tells which. Or what is known at once: network unreachable, refused (on this host), out of descriptors or ports.
    /// </returns>
    internal static DescriptorResult<SocketDescriptor> BeginConnect(IPEndPoint endPoint, string? congestionControl = null)
    {
        var created = CreateTcp(endPoint);
        if (!created.IsOk)
            return created;
        if (congestionControl is not null)
            _ = SetCongestionControl(created.Descriptor, congestionControl);
        var address = stackalloc byte[SocketAddress.MaximumSize];
        var length = (uint)SocketAddress.Write(endPoint, new(address, SocketAddress.MaximumSize));
        var connected = Value(nameof(connect), connect(created.Descriptor, address, length), Errno.InvalidArgument);
        // An interrupted connect goes on in the background; calling it again would be an error.
        if (connected.Error is Errno.None or Errno.InProgress or Errno.Interrupted)
            return created;
        created.Descriptor.Dispose();
        return new(connected.Error);
    }

    /// <summary>Takes one connection from the backlog, without waiting when the listener is non-blocking.</summary>
    internal static AcceptResult Accept(SafeHandle listener)
    {
        var address = stackalloc byte[SocketAddress.MaximumSize];
        while (true)
        {
            uint length = SocketAddress.MaximumSize;
            var accepted = Owned<SocketDescriptor>(
                nameof(accept4), accept4(listener, address, &length, SocketNonBlocking | SocketCloseOnExec));
            if (accepted.IsOk)
                return new(accepted.Descriptor, ReadAddress(address, length), Errno.None);
            if (accepted.Error != Errno.Interrupted)
                return new(null, null, accepted.Error);
        }
    }

    /// <summary>Ends one or both directions of a connection, for every duplicate of the socket.</summary>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.NotConnected"/> when the peer has reset it already.</returns>
    internal static Errno Shutdown(SafeHandle socket, SocketDirection direction) =>
        Value(nameof(shutdown), shutdown(socket, (int)direction)).Error;

    /// <summary>The address that a socket is bound to.</summary>
    /// <returns>The end point; null on a Unix socket.</returns>
    internal static IPEndPoint? LocalEndPoint(SafeHandle socket)
    {
        var address = stackalloc byte[SocketAddress.MaximumSize];
        uint length = SocketAddress.MaximumSize;
        Required(nameof(getsockname), getsockname(socket, address, &length));
        return ReadAddress(address, length);
    }

    /// <summary>The address of the other side.</summary>
    /// <returns>The end point; null on a Unix socket, and when the connection is gone.</returns>
    internal static IPEndPoint? RemoteEndPoint(SafeHandle socket)
    {
        var address = stackalloc byte[SocketAddress.MaximumSize];
        uint length = SocketAddress.MaximumSize;
        return Value(nameof(getpeername), getpeername(socket, address, &length)).IsOk ? ReadAddress(address, length) : null;
    }

    private static DescriptorResult<SocketDescriptor> CreateTcp(IPEndPoint endPoint) =>
        Owned<SocketDescriptor>(
            nameof(socket), socket(SocketAddress.FamilyOf(endPoint), SocketStream | SocketNonBlocking | SocketCloseOnExec, 0));

    private static IPEndPoint? ReadAddress(byte* address, uint length) =>
        SocketAddress.Read(new(address, (int)Math.Min(length, SocketAddress.MaximumSize)));
}
