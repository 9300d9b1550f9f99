namespace Trainyard.Shell.Linux;

/// <summary>A socket option whose value is one int. The numbers are the kernel's (socket(7), tcp(7), ipv6(7)).</summary>
/// <param name="Level">SOL_SOCKET or a protocol number.</param>
/// <param name="Name">The option's number within the level.</param>
internal readonly record struct SocketOption(int Level, int Name)
{
    internal const int LevelSocket = 1;
    internal const int LevelTcp = 6;
    internal const int LevelIPv6 = 41;

    /// <summary>Bind although connections of an earlier listener linger in TIME_WAIT (SO_REUSEADDR).</summary>
    internal static SocketOption ReuseAddress => new(LevelSocket, 2);

    /// <summary>SOCK_STREAM, SOCK_DGRAM, ...; read only (SO_TYPE).</summary>
    internal static SocketOption Type => new(LevelSocket, 3);

    /// <summary>1 on a socket that listens; read only (SO_ACCEPTCONN).</summary>
    internal static SocketOption Listening => new(LevelSocket, 30);

    /// <summary>Report readable only with at least so many bytes, or at the end of the stream (SO_RCVLOWAT).</summary>
    internal static SocketOption ReceiveLowWater => new(LevelSocket, 18);

    /// <summary>The pending error, cleared by reading it (SO_ERROR).</summary>
    internal static SocketOption PendingError => new(LevelSocket, 4);

    /// <summary>Bytes of the send buffer; setting it ends the kernel's autotuning (SO_SNDBUF).</summary>
    internal static SocketOption SendBuffer => new(LevelSocket, 7);

    /// <summary>Bytes of the receive buffer; setting it ends the kernel's autotuning (SO_RCVBUF).</summary>
    internal static SocketOption ReceiveBuffer => new(LevelSocket, 8);

    /// <summary>An IPv6 listener leaves IPv4 clients alone (IPV6_V6ONLY).</summary>
    internal static SocketOption OnlyIPv6 => new(LevelIPv6, 26);

    /// <summary>Send small segments at once (TCP_NODELAY).</summary>
    internal static SocketOption NoDelay => new(LevelTcp, 1);

    /// <summary>Hold partial segments back while set, for at most 200 ms (TCP_CORK).</summary>
    internal static SocketOption Cork => new(LevelTcp, 3);

    /// <summary>
    /// Milliseconds that sent data may stay unacknowledged before the connection fails; 0 is the system's (TCP_USER_TIMEOUT).
    /// </summary>
    internal static SocketOption UserTimeout => new(LevelTcp, 18);

    /// <summary>Report writable only while fewer unsent bytes than this are queued (TCP_NOTSENT_LOWAT).</summary>
    internal static SocketOption UnsentLowWater => new(LevelTcp, 25);
}
