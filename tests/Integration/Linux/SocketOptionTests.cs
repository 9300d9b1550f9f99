using System.Security.Cryptography;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class SocketOptionTests
{
    [Fact]
    public void Options_read_back()
    {
        using var connection = new Loopback();
        Assert.Equal(0, Libc.GetOption(connection.Client, SocketOption.NoDelay));
        Libc.SetOption(connection.Client, SocketOption.NoDelay, 1);
        Assert.Equal(1, Libc.GetOption(connection.Client, SocketOption.NoDelay));
        Libc.SetOption(connection.Client, SocketOption.UserTimeout, 1234);
        Assert.Equal(1234, Libc.GetOption(connection.Client, SocketOption.UserTimeout));
    }

    [Fact]
    public void Congestion_control_is_chosen_by_name()
    {
        using var connection = new Loopback();
        Assert.Equal(Errno.None, Libc.SetCongestionControl(connection.Client, "reno"));
        Assert.Equal("reno", Libc.GetCongestionControl(connection.Client));
        Assert.Equal(Errno.NoEntry, Libc.SetCongestionControl(connection.Client, "no-such"));
    }

    [Fact]
    public void Total_queued_is_every_byte_that_send_took_sent_or_not()
    {
        using var connection = new Loopback();
        var bytes = RandomNumberGenerator.GetBytes(1 << 20);
        var queued = 0L;
        while (Libc.Send(connection.Client, bytes) is { IsOk: true } sent)
            queued += sent.Count;

        Assert.Equal(Errno.None, Libc.GetTcpInfo(connection.Client, out var info));
        Assert.Equal((ulong)queued, info.TotalQueued);
        Assert.Equal(TcpInfo.Established, info.State);
        // The peer reads nothing, so its window is full and a part was never sent: the sum needs both terms.
        Assert.NotEqual(0u, info.UnsentBytes);

        var received = 0L;
        var buffer = new byte[1 << 20];
        while (received < queued)
        {
            Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
            received += Libc.Receive(connection.Server, buffer).Count;
        }
        Libc.GetTcpInfo(connection.Client, out info);
        Assert.Equal((ulong)queued, info.TotalQueued);
        Libc.GetTcpInfo(connection.Server, out info);
        Assert.Equal((ulong)queued, info.ReceivedBytes);
        Assert.Equal(0ul, info.TotalQueued);
    }

    [Fact]
    public void The_counters_of_a_Unix_socket_are_not_supported()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Stream, nonBlocking: true);
        using (near)
        using (far)
            Assert.Equal(Errno.NotSupported, Libc.GetTcpInfo(near, out _));
    }
}
