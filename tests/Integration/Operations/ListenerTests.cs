using System.Net;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>What an accepted connection has from its listener.</summary>
public sealed class ListenerTests
{
    [Fact]
    public void A_reader_that_stands_still_keeps_little_in_the_queue_of_the_kernel()
    {
        using var listener = Listener.Open(new IPEndPoint(IPAddress.Loopback, 0), default);
        listener.LimitUnsent();
        using var client = Libc.BeginConnect((IPEndPoint)listener.EndPoint).OrThrow("connect");
        Assert.Equal(PollEvents.Readable, Libc.Poll(listener.Socket, PollEvents.Readable, 60_000));
        using var served = Libc.Accept(listener.Socket).Socket!;
        var bytes = new byte[64 * 1024];
        // As a worker does: it sends while it is told that there is room.
        while (Libc.Poll(served, PollEvents.Writable, 0) == PollEvents.Writable)
            Assert.True(Libc.Send(served, bytes).IsOk);
        Assert.Equal(Errno.None, Libc.GetTcpInfo(served, out var info));
        Assert.InRange(info.UnsentBytes, 1u, 1024u * 1024);
    }
}
