using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>Unix stream sockets with a name (unix(7)), who is at their other end, geteuid(2).</content>
internal static unsafe partial class Libc
{
    internal const int OptionPeerCredentials = 17;
    internal const int CredentialsSize = 12;
    internal const int CredentialsUserOffset = 4;
    internal const int UnixPathOffset = 2;

    /// <summary>Bytes of the longest socket name, with its terminating zero.</summary>
    internal const int UnixPathLimit = 108;

    [LibraryImport(Library)]
    private static partial uint geteuid();

    /// <summary>The user that this process acts as.</summary>
    internal static uint EffectiveUser => geteuid();

    /// <summary>Opens a listening Unix stream socket, non-blocking, under a name that nobody had.</summary>
    /// <param name="path">The name, without a terminating zero.</param>
    /// <param name="mode">
    /// Who may connect. The name never has more than these permissions: they are given to the socket before bind, which makes the file
    /// with them (less the umask).
    /// </param>
    /// <param name="backlog">How many connections may wait for accept.</param>
    /// <returns>The listener; or the name is in use or too long, no entry, access denied, out of descriptors.</returns>
    internal static DescriptorResult<SocketDescriptor> ListenUnix(ReadOnlySpan<byte> path, uint mode, int backlog)
    {
        var address = stackalloc byte[UnixPathOffset + UnixPathLimit];
        if (WriteUnixAddress(path, address) is var refused and not Errno.None)
            return new(refused);
        var created = CreateUnix();
        if (!created.IsOk)
            return created;
        Required(nameof(fchmod), fchmod(created.Descriptor, mode));
        var bound = Value(nameof(bind), bind(created.Descriptor, address, UnixAddressLength(path)), Errno.InvalidArgument);
        var listening = bound.IsOk ? Value(nameof(listen), listen(created.Descriptor, backlog)) : bound;
        if (listening.IsOk)
            return created;
        created.Descriptor.Dispose();
        return new(listening.Error);
    }

    /// <summary>Connects to a Unix stream socket, without waiting: such a connection stands at once.</summary>
    /// <returns>
    /// A non-blocking socket; or connection refused (nobody listens behind the name), would block (somebody does, and has no room in the
    /// backlog), no entry, access denied.
    /// </returns>
    internal static DescriptorResult<SocketDescriptor> ConnectUnix(ReadOnlySpan<byte> path)
    {
        var address = stackalloc byte[UnixPathOffset + UnixPathLimit];
        if (WriteUnixAddress(path, address) is var refused and not Errno.None)
            return new(refused);
        var created = CreateUnix();
        if (!created.IsOk)
            return created;
        IoResult connected;
        do
            connected = Value(nameof(connect), connect(created.Descriptor, address, UnixAddressLength(path)), Errno.InvalidArgument);
        while (connected.Error == Errno.Interrupted);
        if (connected.IsOk)
            return created;
        created.Descriptor.Dispose();
        return new(connected.Error);
    }

    /// <summary>Gives a file its permissions, whatever the umask.</summary>
    /// <returns><see cref="Errno.None"/>; or no entry, access denied, ...</returns>
    internal static Errno ChangeMode(FileDescriptor directory, ReadOnlySpan<byte> path, uint mode)
    {
        var text = stackalloc byte[PathLimit];
        return Terminate(path, text) is var refused and not Errno.None
            ? refused
            : Value(nameof(fchmodat), fchmodat(directory, text, mode, 0)).Error;
    }

    /// <summary>The name that a Unix socket was bound to.</summary>
    /// <returns>The end point, of an abstract name too; null where it has none, or is no Unix socket.</returns>
    internal static UnixDomainSocketEndPoint? LocalUnixEndPoint(SafeHandle socket)
    {
        var address = stackalloc byte[SocketAddress.MaximumSize];
        uint length = SocketAddress.MaximumSize;
        Required(nameof(getsockname), getsockname(socket, address, &length));
        if (length <= UnixPathOffset || *(ushort*)address != FamilyUnix)
            return null;
        var name = new ReadOnlySpan<byte>(address + UnixPathOffset, (int)Math.Min(length - UnixPathOffset, UnixPathLimit));
        // An abstract name begins with a zero and has no end but its length; a path has a zero behind it.
        return new(Encoding.UTF8.GetString(name[0] == 0 ? name : name.TrimEnd((byte)0)));
    }

    /// <summary>Who connected, or for the side that connected: who listened. As it was at that moment (unix(7), SO_PEERCRED).</summary>
    internal static (int ProcessId, uint User) PeerCredentials(SafeHandle socket)
    {
        var credentials = stackalloc byte[CredentialsSize];
        uint length = CredentialsSize;
        Required(nameof(getsockopt), getsockopt(socket, SocketOption.LevelSocket, OptionPeerCredentials, credentials, &length));
        return (*(int*)credentials, *(uint*)(credentials + CredentialsUserOffset));
    }

    private static DescriptorResult<SocketDescriptor> CreateUnix() =>
        Owned<SocketDescriptor>(nameof(socket), socket(FamilyUnix, SocketStream | SocketNonBlocking | SocketCloseOnExec, 0));

    private static uint UnixAddressLength(ReadOnlySpan<byte> path) => (uint)(UnixPathOffset + path.Length + 1);

    private static Errno WriteUnixAddress(ReadOnlySpan<byte> path, byte* address)
    {
        // An empty name, or one that begins with a zero, would mean something else to the kernel.
        if (path.IsEmpty || path.Contains((byte)0))
            return Errno.IllegalByteSequence;
        if (path.Length >= UnixPathLimit)
            return Errno.NameTooLong;
        *(ushort*)address = FamilyUnix;
        path.CopyTo(new(address + UnixPathOffset, UnixPathLimit));
        address[UnixPathOffset + path.Length] = 0;
        return Errno.None;
    }
}
