using System.Diagnostics;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class PollHandleTests
{
    private readonly Readiness[] _ready = new Readiness[8];

    [Fact]
    public void A_wait_without_anything_ready_times_out()
    {
        using var poll = PollHandle.Create();
        using var counter = Libc.CreateEvent();
        poll.Add(counter, PollEvents.Readable, 1);
        var started = Stopwatch.StartNew();
        Assert.Equal(0, poll.Wait(_ready, 30));
        Assert.True(started.ElapsedMilliseconds >= 25);
    }

    [Fact]
    public void Tokens_and_events_come_back_whole()
    {
        using var poll = PollHandle.Create();
        var (near, far) = Libc.SocketPair(LaneKind.Stream, nonBlocking: true);
        using (near)
        using (far)
        {
            poll.Add(near, PollEvents.Readable | PollEvents.Writable, 0xFEDC_BA98_7654_3210);
            poll.Add(far, PollEvents.Readable, 7);
            Libc.Send(far, "x"u8);
            Assert.Equal(1, poll.Wait(_ready, 60_000));
            Assert.Equal(new(0xFEDC_BA98_7654_3210, PollEvents.Readable | PollEvents.Writable), _ready[0]);
        }
    }

    [Fact]
    public void Several_are_reported_at_once_each_with_its_own_token()
    {
        using var poll = PollHandle.Create();
        using var first = Libc.CreateEvent();
        using var second = Libc.CreateEvent();
        using var third = Libc.CreateEvent();
        poll.Add(first, PollEvents.Readable, 1);
        poll.Add(second, PollEvents.Readable, 2);
        poll.Add(third, PollEvents.Readable, 3);
        Libc.SignalEvent(first);
        Libc.SignalEvent(third);
        Assert.Equal(2, poll.Wait(_ready, 60_000));
        Assert.Equal([new(1, PollEvents.Readable), new(3, PollEvents.Readable)], _ready[..2].OrderBy(ready => ready.Token));
    }

    [Fact]
    public void Modify_changes_what_is_reported_and_remove_ends_it()
    {
        using var poll = PollHandle.Create();
        var (near, far) = Libc.SocketPair(LaneKind.Stream, nonBlocking: true);
        using (near)
        using (far)
        {
            poll.Add(near, PollEvents.Readable, 1);
            Assert.Equal(0, poll.Wait(_ready, 0));
            poll.Modify(near, PollEvents.Writable, 2);
            Assert.Equal(1, poll.Wait(_ready, 0));
            Assert.Equal(new(2, PollEvents.Writable), _ready[0]);
            poll.Remove(near);
            Assert.Equal(0, poll.Wait(_ready, 0));
            Assert.Equal(Errno.NoEntry, Assert.Throws<NativeException>(() => poll.Remove(near)).Error);
        }
    }

    [Fact]
    public void A_descriptor_is_added_once()
    {
        using var poll = PollHandle.Create();
        using var counter = Libc.CreateEvent();
        poll.Add(counter, PollEvents.Readable, 1);
        Assert.Equal(Errno.Exists, Assert.Throws<NativeException>(() => poll.Add(counter, PollEvents.Readable, 1)).Error);
    }

    [Fact]
    public void A_closed_peer_is_a_hang_up_and_an_end_of_writing()
    {
        using var poll = PollHandle.Create();
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        {
            poll.Add(near, PollEvents.Readable | PollEvents.PeerClosedWriting, 1);
            far.Dispose();
            Assert.Equal(1, poll.Wait(_ready, 60_000));
            Assert.Equal(PollEvents.Readable | PollEvents.PeerClosedWriting | PollEvents.HangUp, _ready[0].Events);
        }
    }

    [Fact]
    public void A_half_closed_peer_is_only_an_end_of_writing()
    {
        using var poll = PollHandle.Create();
        using var connection = new Loopback();
        poll.Add(connection.Server, PollEvents.Readable | PollEvents.PeerClosedWriting, 1);
        Assert.Equal(Errno.None, Libc.Shutdown(connection.Client, SocketDirection.Writing));
        Assert.Equal(1, poll.Wait(_ready, 60_000));
        Assert.Equal(PollEvents.Readable | PollEvents.PeerClosedWriting, _ready[0].Events);
    }

    [Fact]
    public void Edge_triggered_reports_once_until_something_new_arrives()
    {
        using var poll = PollHandle.Create();
        using var counter = Libc.CreateEvent();
        poll.Add(counter, PollEvents.Readable | PollEvents.EdgeTriggered, 1);
        Libc.SignalEvent(counter);
        Assert.Equal(1, poll.Wait(_ready, 0));
        Assert.Equal(0, poll.Wait(_ready, 0));
        Libc.SignalEvent(counter);
        Assert.Equal(1, poll.Wait(_ready, 0));
    }

    [Fact]
    public void One_shot_is_silent_until_modified()
    {
        using var poll = PollHandle.Create();
        using var counter = Libc.CreateEvent();
        poll.Add(counter, PollEvents.Readable | PollEvents.OneShot, 1);
        Libc.SignalEvent(counter);
        Assert.Equal(1, poll.Wait(_ready, 0));
        Libc.SignalEvent(counter);
        Assert.Equal(0, poll.Wait(_ready, 0));
        poll.Modify(counter, PollEvents.Readable | PollEvents.OneShot, 1);
        Assert.Equal(1, poll.Wait(_ready, 0));
    }

    [Fact]
    public void A_wait_lets_go_of_its_descriptor() => DescriptorLeak.Check(() => PollHandle.Create().Dispose());

    [Fact]
    public void Poll_tells_which_of_two_is_ready()
    {
        using var first = Libc.CreateEvent();
        using var second = Libc.CreateEvent();
        Assert.Equal((PollEvents.None, PollEvents.None), Libc.Poll(first, PollEvents.Readable, second, PollEvents.Readable, 0));
        Libc.SignalEvent(second);
        Assert.Equal((PollEvents.None, PollEvents.Readable), Libc.Poll(first, PollEvents.Readable, second, PollEvents.Readable, 1000));
        Assert.Equal(PollEvents.None, Libc.Poll(first, PollEvents.Readable, 10));
    }
}
