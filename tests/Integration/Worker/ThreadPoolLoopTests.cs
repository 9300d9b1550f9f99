using Trainyard.Core.Lane;
using Trainyard.Core.Worker;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>A process with several threads, as its master sees it over the lane.</summary>
public sealed class ThreadPoolLoopTests
{
    [Fact]
    public async Task Serves_on_all_threads_and_leaves_when_told_with_nothing_left_open()
    {
        await DescriptorLeak.CheckAsync(async () =>
        {
            using var together = new Barrier(4);
            // Each connection ends only when four threads are in their turn at once.
            var service = new FakeService(() =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return DriverTurn.Ended;
            });
            using var process = Threads(service, _ => { });
            process.Configure(threads: 4, slots: 1);
            for (var i = 1; i <= 4; i++)
                process.Assign(i, Libc.CreateEvent());
            var done = Enumerable.Range(0, 4).Select(_ => Assert.IsType<LaneMessage.Done>(process.Next()).Connection.Value).Order();
            Assert.Equal([1L, 2, 3, 4], done);
            Assert.True(process.Scoreboard.Read(0, 5).Progress >= 4);
            process.Lane.Send(new LaneMessage.Exit(HandOver: false));
            Assert.Equal(WorkerLeave.Finished, await process.LeaveAsync());
        });
    }

    [Fact]
    public async Task Finishes_what_it_holds_after_it_was_told_to_leave_and_refuses_the_rest()
    {
        using var gate = new ManualResetEventSlim();
        var service = new FakeService(() =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            return DriverTurn.Ended;
        });
        using var process = Threads(service, _ => { });
        process.Configure(threads: 2, slots: 1);
        process.Assign(1, Libc.CreateEvent());
        process.Lane.Send(new LaneMessage.Exit(HandOver: false));
        process.Lane.Send(new LaneMessage.Assign(new(2), -1), Libc.CreateEvent());
        Assert.Equal(new LaneMessage.Refuse(new(2), RefuseReason.Leaving), process.Next());
        gate.Set();
        Assert.Equal(ConnectionEnd.Completed, Assert.IsType<LaneMessage.Done>(process.Next()).Report.End);
        Assert.Equal(WorkerLeave.Finished, await process.LeaveAsync());
    }

    [Fact]
    public async Task A_thread_that_spins_is_noticed_and_ends_the_process_with_its_own_status()
    {
        var stop = false;
        var left = 0;
        var service = new FakeService(() =>
        {
            while (!Volatile.Read(ref stop))
                Thread.SpinWait(100);
            return DriverTurn.Ended;
        });
        using var process = Threads(service, threads => left = threads, TimeSpan.FromSeconds(2));
        process.Configure(threads: 2, slots: 1);
        process.Assign(1, Libc.CreateEvent());
        Assert.Equal(WorkerLeave.ThreadFailed, await process.LeaveAsync());
        Assert.Equal(70, (int)WorkerLeave.ThreadFailed);
        Assert.Equal(2, left);
        Volatile.Write(ref stop, true);
    }

    [Fact]
    public async Task A_thread_that_fails_ends_the_process_with_its_own_status()
    {
        using var process = new LoopThread((lane, scoreboard) =>
        {
            using var loop = new ThreadPoolLoop(
                lane, scoreboard, _ => throw new InvalidOperationException("no service"), signals: null, ThreadPoolLoop.PolicyOf);
            return loop.Run();
        });
        process.Lane.Send(new LaneMessage.Configure(0, 2, 1, default));
        Assert.Equal(WorkerLeave.ThreadFailed, await process.LeaveAsync());
    }

    [Fact]
    public async Task Settings_that_are_not_understood_end_the_process_as_they_do_without_threads()
    {
        using var process = new LoopThread((lane, scoreboard) =>
        {
            using var loop = new ThreadPoolLoop(lane, scoreboard, _ => null, signals: null, ThreadPoolLoop.PolicyOf);
            return loop.Run();
        });
        process.Lane.Send(new LaneMessage.Configure(0, 2, 1, default));
        Assert.Equal(WorkerLeave.NotConfigured, await process.LeaveAsync());
    }

    private static LoopThread Threads(FakeService service, Action<int> left, TimeSpan? hungAfter = null) =>
        new((lane, scoreboard) =>
        {
            using var loop = new ThreadPoolLoop(
                lane, scoreboard, _ => service, signals: null,
                configure => ThreadPoolLoop.PolicyOf(configure) with { HungAfter = hungAfter ?? TimeSpan.FromMinutes(1) });
            var leave = loop.Run();
            left(loop.ThreadsLeft);
            return leave;
        });
}
