using System.Net;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class SocketTests
{
    [Fact]
    public void An_empty_backlog_would_block() => DescriptorLeak.Check(() =>
    {
        using var listener = Listen(IPAddress.Loopback);
        Assert.Equal(new AcceptResult(null, null, Errno.WouldBlock), Libc.Accept(listener));
    });

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_connection_knows_both_its_ends(string address) => DescriptorLeak.Check(() =>
    {
        using var listener = Listen(IPAddress.Parse(address));
        using var client = Libc.BeginConnect(Libc.LocalEndPoint(listener)!).OrThrow("connect");
        Assert.Equal(PollEvents.Readable, Libc.Poll(listener, PollEvents.Readable, 60_000));
        var accepted = Libc.Accept(listener);
        using var server = accepted.Socket!;
        Assert.Equal(Libc.LocalEndPoint(client), accepted.Peer);
        Assert.Equal(accepted.Peer, Libc.RemoteEndPoint(server));
        Assert.Equal(Libc.LocalEndPoint(listener), Libc.RemoteEndPoint(client));
        Assert.Equal(Libc.LocalEndPoint(listener), Libc.LocalEndPoint(server));
        Assert.Equal(IPAddress.Parse(address), accepted.Peer!.Address);
        Assert.True(Libc.Receive(server, new byte[1]).WouldBlock);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_IPv6_listener_takes_IPv4_clients_unless_told_not_to(bool onlyIPv6)
    {
        using var listener = Libc.Listen(new(IPAddress.IPv6Any, 0), backlog: 1, onlyIPv6).OrThrow("listen");
        var connecting = Libc.BeginConnect(new(IPAddress.Loopback, Libc.LocalEndPoint(listener)!.Port));
        using var client = connecting.Descriptor;
        Assert.Equal(onlyIPv6, Outcome(connecting) == Errno.ConnectionRefused);
        if (!onlyIPv6)
        {
            var accepted = Libc.Accept(listener);
            using var server = accepted.Socket!;
            Assert.Equal(IPAddress.Loopback.MapToIPv6(), accepted.Peer!.Address);
        }
    }

    [Fact]
    public void A_taken_address_is_a_value() => DescriptorLeak.Check(() =>
    {
        using var listener = Listen(IPAddress.Loopback);
        Assert.Equal(Errno.AddressInUse, Libc.Listen(Libc.LocalEndPoint(listener)!, 1, onlyIPv6: false).Error);
    });

    [Fact]
    public void Nobody_listening_is_a_value()
    {
        IPEndPoint endPoint;
        using (var listener = Listen(IPAddress.Loopback))
            endPoint = Libc.LocalEndPoint(listener)!;
        var connecting = Libc.BeginConnect(endPoint);
        using var client = connecting.Descriptor;
        Assert.Equal(Errno.ConnectionRefused, Outcome(connecting));
    }

    [Fact]
    public void No_descriptor_left_is_a_value_and_the_connection_waits() => DescriptorLeak.Check(() =>
    {
        using var listener = Listen(IPAddress.Loopback);
        using var client = Libc.BeginConnect(Libc.LocalEndPoint(listener)!).OrThrow("connect");
        Libc.Poll(listener, PollEvents.Readable, 60_000);
        // One accept first: what the runtime opens lazily on the way is open when the limit falls.
        Assert.Equal(Errno.None, Libc.TakeError(client));
        var limit = Libc.OpenFileLimit();
        Assert.Equal(Errno.None, Libc.SetOpenFileLimit(limit with { Soft = 0 }));
        var refused = Libc.Accept(listener);
        Libc.SetOpenFileLimit(limit);
        Assert.Equal(Errno.ProcessFileLimit, refused.Error);
        using var server = Libc.Accept(listener).Socket;
        Assert.NotNull(server);
    });

    [Fact]
    public void Shutdown_ends_the_stream_after_what_is_queued()
    {
        using var connection = new Loopback();
        Libc.Send(connection.Client, "last"u8);
        Libc.Shutdown(connection.Client, SocketDirection.Writing);
        Libc.Poll(connection.Server, PollEvents.PeerClosedWriting, 60_000);
        Assert.Equal(4, Libc.ReadableBytes(connection.Server));
        var buffer = new byte[8];
        Assert.Equal(new(4, Errno.None), Libc.Receive(connection.Server, buffer));
        Assert.Equal(new(0, Errno.None), Libc.Receive(connection.Server, buffer));
        Assert.Equal(Errno.BrokenPipe, Libc.Send(connection.Client, "x"u8).Error);
    }

    [Fact]
    public void A_reset_is_a_value_and_no_signal()
    {
        using var connection = new Loopback();
        Libc.SetLinger(connection.Client, seconds: 0);
        connection.Client.Dispose();
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(Errno.ConnectionReset, Libc.Receive(connection.Server, new byte[1]).Error);
        Assert.Equal(Errno.BrokenPipe, Libc.Send(connection.Server, "x"u8).Error);
        Assert.Equal(Errno.NotConnected, Libc.Shutdown(connection.Server, SocketDirection.Both));
        Assert.Null(Libc.RemoteEndPoint(connection.Server));
    }

    [Fact]
    public void A_head_and_a_body_go_out_as_one()
    {
        using var connection = new Loopback();
        Assert.Equal(new(6, Errno.None), Libc.SendGathered(connection.Client, "head"u8, "er"u8));
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        var buffer = new byte[8];
        Assert.Equal(new(6, Errno.None), Libc.Receive(connection.Server, buffer, MessageFlags.Peek));
        Assert.Equal(new(6, Errno.None), Libc.Receive(connection.Server, buffer));
        Assert.Equal("header"u8, buffer.AsSpan(0, 6));
    }

    [Fact]
    public void Not_a_socket_is_a_bug_and_throws()
    {
        using var counter = Libc.CreateEvent();
        var thrown = Assert.Throws<NativeException>(() => Libc.Send(counter, "x"u8));
        Assert.Equal(("send", Errno.NotSocket), (thrown.Call, thrown.Error));
        Assert.Contains("ENOTSOCK", thrown.Message, StringComparison.Ordinal);
    }

    private static SocketDescriptor Listen(IPAddress address) =>
        Libc.Listen(new(address, 0), backlog: 16, onlyIPv6: false).OrThrow("listen");

    private static Errno Outcome(DescriptorResult<SocketDescriptor> connecting)
    {
        if (!connecting.IsOk)
            return connecting.Error;
        Libc.Poll(connecting.Descriptor, PollEvents.Writable, 60_000);
        return Libc.TakeError(connecting.Descriptor);
    }
}
