using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>getsockopt(2), setsockopt(2), and how many bytes wait to be read (tcp(7), FIONREAD).</content>
internal static unsafe partial class Libc
{
    internal const int OptionLinger = 13;
    internal const int OptionCongestion = 13;
    internal const int OptionTcpInfo = 11;
    internal const int CongestionNameSize = 16;
    internal const int BytesToRead = 0x541B;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getsockopt(SafeHandle sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setsockopt(SafeHandle sockfd, int level, int optname, void* optval, uint optlen);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ioctl(SafeHandle fd, nuint request, int* argument);

    /// <summary>Sets an option.</summary>
    /// <exception cref="NativeException">The socket does not know it, or not this value.</exception>
    internal static void SetOption(SafeHandle socket, SocketOption option, int value) =>
        Required(nameof(setsockopt), setsockopt(socket, option.Level, option.Name, &value, sizeof(int)));

    /// <summary>Short segments leave at once (TCP_NODELAY); nothing to do on a Unix socket, which knows no segments.</summary>
    internal static void SendAtOnce(SafeHandle socket)
    {
        var value = 1;
        _ = setsockopt(socket, SocketOption.NoDelay.Level, SocketOption.NoDelay.Name, &value, sizeof(int));
    }

    /// <summary>Limits what may wait unsent in the queue of a socket, TCP or not (TCP_NOTSENT_LOWAT); nothing to do on a Unix socket, whose queue is short.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="bytes">How much; <c>null</c> for as much as the system allows.</param>
    internal static void LimitUnsent(SafeHandle socket, int? bytes)
    {
        var value = bytes ?? 0;
        _ = setsockopt(socket, SocketOption.UnsentLowWater.Level, SocketOption.UnsentLowWater.Name, &value, sizeof(int));
    }

    /// <summary>Reads an option.</summary>
    /// <exception cref="NativeException">The socket does not know it.</exception>
    internal static int GetOption(SafeHandle socket, SocketOption option)
    {
        var value = 0;
        uint length = sizeof(int);
        Required(nameof(getsockopt), getsockopt(socket, option.Level, option.Name, &value, &length));
        return value;
    }

    /// <summary>Whether a descriptor that somebody passed to us is a socket at all.</summary>
    internal static bool IsSocket(SafeHandle descriptor)
    {
        var value = 0;
        uint length = sizeof(int);
        return getsockopt(descriptor, SocketOption.LevelSocket, SocketOption.Type.Name, &value, &length) == 0;
    }

    /// <summary>Takes the pending error of a socket, which clears it: how a connect that was begun has ended.</summary>
    internal static Errno TakeError(SafeHandle socket) => (Errno)GetOption(socket, SocketOption.PendingError);

    /// <summary>Says what close does with unsent bytes (SO_LINGER).</summary>
    /// <param name="socket">A TCP socket.</param>
    /// <param name="seconds">0 drops them and resets the connection; null gives back the default, sending them in the background.</param>
    internal static void SetLinger(SafeHandle socket, int? seconds)
    {
        var linger = stackalloc int[2] { seconds is null ? 0 : 1, seconds ?? 0 };
        Required(nameof(setsockopt), setsockopt(socket, SocketOption.LevelSocket, OptionLinger, linger, 2 * sizeof(int)));
    }

    /// <summary>Chooses the congestion control of a TCP socket, by the kernel's name: "cubic", "bbr", "reno".</summary>
    /// <returns><see cref="Errno.None"/>; <see cref="Errno.NoEntry"/> when the kernel has none of this name, or not permitted.</returns>
    internal static Errno SetCongestionControl(SafeHandle socket, string name)
    {
        var text = Encoding.ASCII.GetBytes(name);
        fixed (byte* value = text)
            return Value(nameof(setsockopt), setsockopt(socket, SocketOption.LevelTcp, OptionCongestion, value, (uint)text.Length)).Error;
    }

    /// <summary>The name of the congestion control in force.</summary>
    internal static string GetCongestionControl(SafeHandle socket)
    {
        var name = stackalloc byte[CongestionNameSize];
        uint length = CongestionNameSize;
        Required(nameof(getsockopt), getsockopt(socket, SocketOption.LevelTcp, OptionCongestion, name, &length));
        var text = new ReadOnlySpan<byte>(name, (int)length);
        var end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>Reads the counters of a TCP connection, all at one instant.</summary>
    /// <returns>
    /// <see cref="Errno.None"/>; <see cref="Errno.NotSupported"/> when the kernel's structure is too short to hold the counters (before
    /// Linux 4.19), or the socket is not TCP.
    /// </returns>
    internal static Errno GetTcpInfo(SafeHandle socket, out TcpInfo info)
    {
        var bytes = stackalloc byte[TcpInfo.RequiredSize];
        uint length = TcpInfo.RequiredSize;
        var result = Value(nameof(getsockopt), getsockopt(socket, SocketOption.LevelTcp, OptionTcpInfo, bytes, &length));
        info = result.IsOk && length >= TcpInfo.RequiredSize ? TcpInfo.Read(new(bytes, TcpInfo.RequiredSize)) : default;
        return result.IsOk && length < TcpInfo.RequiredSize ? Errno.NotSupported : result.Error;
    }

    /// <summary>How many bytes can be received without waiting (FIONREAD).</summary>
    internal static int ReadableBytes(SafeHandle descriptor)
    {
        var count = 0;
        Required(nameof(ioctl), ioctl(descriptor, BytesToRead, &count));
        return count;
    }
}
