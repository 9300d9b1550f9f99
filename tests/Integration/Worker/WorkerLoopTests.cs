using Trainyard.Core.Lane;
using Trainyard.Core.Worker;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>One thread with many connections: what a turn costs, who comes first, and what a fault does.</summary>
public sealed class WorkerLoopTests
{
    [Fact]
    public async Task Five_thousand_idle_connections_are_not_looked_at_while_one_is_busy()
    {
        const int idle = 5000;
        const int turns = 20_000;
        var left = turns;
        var end = false;
        var blocked = new FakeService(() => Volatile.Read(ref end) ? DriverTurn.Ended : DriverTurn.Blocked);
        WorkerLoop? loop = null;
        var opened = 0;
        using var thread = new LoopThread((lane, scoreboard) =>
        {
            using var running = loop = new WorkerLoop(
                lane, scoreboard,
                _ => new ByNumber(() => opened++ < idle ? blocked : new FakeService(() => --left > 0 ? DriverTurn.Yielded : DriverTurn.Ended)), signals: null);
            return running.Run();
        });
        thread.Configure(threads: 1, slots: idle + 1);
        for (var i = 1; i <= idle; i++)
            thread.Assign(i, Libc.CreateEvent());
        thread.Assign(idle + 1, Libc.CreateEvent());
        Assert.Equal(idle + 1, Assert.IsType<LaneMessage.Done>(thread.Next()).Connection.Value);
        // One look at each when it began to wait, none in the twenty thousand turns of the busy one.
        Assert.Equal(idle, blocked.Advances);
        Assert.Equal(idle, loop!.Deadlines.Looks);
        Assert.True(thread.Scoreboard.Read(0).Beats >= turns, "the heart does not beat while a connection is busy");
        Volatile.Write(ref end, true);
        // Whoever is idle has a turn when the worker is to leave.
        thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
        Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
    }

    [Fact]
    public async Task The_lane_is_read_and_the_heart_beats_however_many_connections_can_go_on()
    {
        const int busy = 2000;
        var end = false;
        var service = new FakeService(() => Volatile.Read(ref end) ? DriverTurn.Ended : DriverTurn.Yielded);
        using var thread = Alone(service);
        thread.Configure(threads: 1, slots: busy + 1);
        for (var i = 1; i <= busy; i++)
            thread.Assign(i, Libc.CreateEvent());
        var before = service.Advances;
        var beats = thread.Scoreboard.Read(0).Beats;
        while (service.Advances < before + (4 * busy))
            Thread.Yield();
        // No turn is a round of all: the heart beats, and the lane is read, once a batch.
        Assert.True(thread.Scoreboard.Read(0).Beats - beats > 100, "the heart does not beat under load");
        thread.Assign(busy + 1, Libc.CreateEvent());
        thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
        Volatile.Write(ref end, true);
        for (var i = 0; i <= busy; i++)
            Assert.IsType<LaneMessage.Done>(thread.Next());
        Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
    }

    [Fact]
    public async Task A_driver_that_throws_ends_its_connection_and_nothing_else()
    {
        var turn = 0;
        var service = new FakeService(() => ++turn == 1 ? throw new InvalidOperationException("a fault") : DriverTurn.Ended);
        await DescriptorLeak.CheckAsync(async () =>
        {
            turn = 0;
            using var thread = Alone(service);
            using var connection = new Loopback();
            thread.Configure(threads: 1, slots: 1);
            thread.Assign(1, connection.Server);
            Assert.Equal(ConnectionEnd.Faulted, Assert.IsType<LaneMessage.Done>(thread.Next()).Report.End);
            // Reset, so that nobody takes what it got for the whole.
            Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Client, PollEvents.Readable, 60_000));
            Assert.Equal(Errno.ConnectionReset, Libc.Receive(connection.Client, new byte[1]).Error);
            thread.Assign(2, Libc.CreateEvent());
            Assert.Equal(ConnectionEnd.Completed, Assert.IsType<LaneMessage.Done>(thread.Next()).Report.End);
            thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
            Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
        });
    }

    private static LoopThread Alone(FakeService service) =>
        new((lane, scoreboard) =>
        {
            using var loop = new WorkerLoop(lane, scoreboard, _ => service, signals: null);
            return loop.Run();
        });

    private sealed class ByNumber(Func<FakeService> next) : IConnectionService
    {
        public IConnectionDriver Open(Descriptor socket, DateTimeOffset now) => next().Open(socket, now);
    }
}
