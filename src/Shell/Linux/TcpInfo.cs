using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>The counters of a TCP connection that this project uses, out of struct tcp_info (linux/tcp.h).</summary>
/// <param name="State">The kernel's state number: 1 is established, 7 closed.</param>
/// <param name="UnsentBytes">Bytes queued that were never sent.</param>
/// <param name="ReceivedBytes">Bytes that arrived in order, read by the application or not.</param>
/// <param name="SentBytes">Bytes of payload sent, each retransmission counted again.</param>
/// <param name="RetransmittedBytes">The part of <paramref name="SentBytes"/> that was sent again.</param>
internal readonly record struct TcpInfo(int State, uint UnsentBytes, ulong ReceivedBytes, ulong SentBytes, ulong RetransmittedBytes)
{
    internal const int StateOffset = 0;
    internal const int ReceivedOffset = 128;
    internal const int UnsentOffset = 144;
    internal const int SentOffset = 200;
    internal const int RetransmittedOffset = 208;
    internal const int RequiredSize = 216;

    internal const int Established = 1;
    internal const int FinWait1 = 4;
    internal const int FinWait2 = 5;
    internal const int TimeWait = 6;
    internal const int Closed = 7;
    internal const int CloseWait = 8;
    internal const int LastAck = 9;
    internal const int Closing = 11;

    /// <summary>Whether this side has said that nothing more comes.</summary>
    internal bool HasEndedSending => State is FinWait1 or FinWait2 or TimeWait or LastAck or Closing;

    /// <summary>Whether the peer has said so: its FIN counts as one byte received.</summary>
    internal bool HasEndedReceiving => State is CloseWait or LastAck or Closing or TimeWait;

    /// <summary>Bytes that were ever queued on the socket, by any process that held it.</summary>
    /// <remarks>Exact until the writing side is shut down: a FIN that waits to be sent counts as one unsent byte.</remarks>
    internal ulong TotalQueued => SentBytes - RetransmittedBytes + UnsentBytes;

    /// <summary>Takes the counters out of the kernel's structure.</summary>
    /// <param name="tcpInfo">At least <see cref="RequiredSize"/> bytes.</param>
    internal static TcpInfo Read(ReadOnlySpan<byte> tcpInfo) => new(
        State: tcpInfo[StateOffset],
        UnsentBytes: MemoryMarshal.Read<uint>(tcpInfo[UnsentOffset..]),
        ReceivedBytes: MemoryMarshal.Read<ulong>(tcpInfo[ReceivedOffset..]),
        SentBytes: MemoryMarshal.Read<ulong>(tcpInfo[SentOffset..]),
        RetransmittedBytes: MemoryMarshal.Read<ulong>(tcpInfo[RetransmittedOffset..]));
}
