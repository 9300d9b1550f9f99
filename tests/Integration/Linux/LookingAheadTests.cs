using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>Bytes that are looked at before they are taken: how they are thrown away, and how nobody is woken for them twice.</summary>
public sealed class LookingAheadTests
{
    private const ulong Token = 5;

    [Fact]
    public void What_is_thrown_away_is_as_if_it_had_been_read()
    {
        using var connection = new Loopback();
        Assert.True(Libc.Discard(connection.Server, 10).WouldBlock);
        Assert.Equal(new(0, Errno.None), Libc.Discard(connection.Server, 0));
        Arrive(connection, "0123456789"u8);
        Assert.Equal(new(4, Errno.None), Libc.Discard(connection.Server, 4));
        Assert.Equal("456"u8, Loopback.Receive(connection.Server, 3));
        // Less is there than there should be: what is missing is still owed.
        Assert.Equal(new(3, Errno.None), Libc.Discard(connection.Server, 100));
        Assert.True(Libc.Discard(connection.Server, 97).WouldBlock);
        Arrive(connection, "ab"u8);
        Libc.Shutdown(connection.Client, SocketDirection.Writing);
        Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Server, PollEvents.PeerClosedWriting, 60_000));
        Assert.Equal(new(2, Errno.None), Libc.Discard(connection.Server, 97));
        Assert.Equal(new(0, Errno.None), Libc.Discard(connection.Server, 95));
    }

    [Fact]
    public async Task Much_is_thrown_away_by_one_call_and_exactly_that()
    {
        using var connection = new Loopback();
        var bytes = new byte[3_000_000];
        Random.Shared.NextBytes(bytes);
        var sending = Task.Run(() =>
        {
            for (var at = 0; at < bytes.Length;)
            {
                Libc.Poll(connection.Client, PollEvents.Writable, 60_000);
                at += (int)Libc.Send(connection.Client, bytes.AsSpan(at)).Count;
            }
        }, TestContext.Current.CancellationToken);
        var left = 2_999_990L;
        while (left > 0)
        {
            Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Server, PollEvents.Readable, 60_000));
            left -= Libc.Discard(connection.Server, left).Count;
        }
        Assert.Equal(bytes[^10..], Loopback.Receive(connection.Server, 10));
        await sending;
    }

    [Fact]
    public void A_reset_is_told()
    {
        using var connection = new Loopback();
        Libc.SetLinger(connection.Client, seconds: 0);
        connection.Client.Dispose();
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(Errno.ConnectionReset, Libc.Discard(connection.Server, 1).Error);
    }

    [Fact]
    public void A_part_of_an_item_that_stays_in_the_socket_wakes_nobody_before_more_has_come()
    {
        using var connection = new Loopback();
        using var poll = PollHandle.Create();
        poll.Add(connection.Server, PollEvents.Readable, Token);
        Arrive(connection, "abc"u8);
        Assert.True(IsReported(poll));
        Assert.Equal(3, Libc.Receive(connection.Server, new byte[10], MessageFlags.Peek).Count);
        Libc.SetOption(connection.Server, SocketOption.ReceiveLowWater, 4);
        Assert.False(IsReported(poll));
        Assert.Equal(PollEvents.None, Libc.Poll(connection.Server, PollEvents.Readable, 0));
        Arrive(connection, "d"u8);
        Assert.True(IsReported(poll));
        // Another worker goes on, which has seen nothing yet.
        Libc.SetOption(connection.Server, SocketOption.ReceiveLowWater, 5);
        Assert.False(IsReported(poll));
        Libc.SetOption(connection.Server, SocketOption.ReceiveLowWater, 1);
        Assert.True(IsReported(poll));
        Assert.Equal("abcd"u8, Loopback.Receive(connection.Server, 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_end_of_the_stream_wakes_whatever_the_mark(bool isReset)
    {
        using var connection = new Loopback();
        using var poll = PollHandle.Create();
        poll.Add(connection.Server, PollEvents.Readable, Token);
        Arrive(connection, "abc"u8);
        Libc.SetOption(connection.Server, SocketOption.ReceiveLowWater, 60_000);
        Assert.False(IsReported(poll));
        if (isReset)
            Libc.SetLinger(connection.Client, seconds: 0);
        connection.Client.Dispose();
        Assert.Equal(1, poll.Wait(new Readiness[1], 60_000));
    }

    private static void Arrive(Loopback connection, ReadOnlySpan<byte> bytes)
    {
        var wanted = Libc.ReadableBytes(connection.Server) + bytes.Length;
        Assert.Equal(bytes.Length, Libc.Send(connection.Client, bytes).Count);
        Assert.True(SpinWait.SpinUntil(() => Libc.ReadableBytes(connection.Server) == wanted, Until.Patience));
    }

    private static bool IsReported(PollHandle poll) => poll.Wait(new Readiness[1], 0) == 1;
}
