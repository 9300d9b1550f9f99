using System.Collections.Concurrent;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Core.Worker;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>What a connection learns though nothing comes over it: that its worker leaves, that other threads are done, how the pool is.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task Each_connection_is_told_once_to_end_those_that_come_later_too()
    {
        var service = new Service();
        using var thread = Alone(service);
        thread.Configure(threads: 1, slots: 3);
        thread.Assign(1, Libc.CreateEvent());
        Assert.Equal("advance", service.Next());
        thread.Lane.Send(new LaneMessage.Drain());
        Assert.Equal("drain", service.Next());
        Assert.Equal("advance", service.Next());
        thread.Assign(2, Libc.CreateEvent());
        Assert.Equal("drain", service.Next());
        Assert.Equal("advance", service.Next());
        // To leave is no news to them.
        thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
        service.End();
        Assert.IsType<LaneMessage.Done>(thread.Next());
        Assert.IsType<LaneMessage.Done>(thread.Next());
        Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
        Assert.DoesNotContain("drain", service.Rest());
    }

    [Fact]
    public async Task A_connection_has_its_turn_when_another_thread_says_so()
    {
        var service = new Service();
        using (var thread = Alone(service))
        {
            thread.Configure(threads: 1, slots: 2);
            thread.Assign(1, Libc.CreateEvent());
            thread.Assign(2, Libc.CreateEvent());
            Assert.Equal("advance", service.Next());
            Assert.Equal("advance", service.Next());
            for (var i = 0; i < 100; i++)
            {
                service.Wakes[i % 2]();
                Assert.Equal("advance", service.Next());
            }
            service.End();
            Assert.IsType<LaneMessage.Done>(thread.Next());
            Assert.IsType<LaneMessage.Done>(thread.Next());
            // The connections have ended; whoever worked for them does not know it.
            service.Wakes[0]();
            thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
            Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
        }
        service.Wakes[1]();
        Assert.Empty(service.Rest());
    }

    [Fact]
    public async Task Many_threads_that_wake_at_once_lose_no_turn()
    {
        var service = new Service();
        using var thread = Alone(service);
        thread.Configure(threads: 1, slots: 50);
        for (var i = 1; i <= 50; i++)
            thread.Assign(i, Libc.CreateEvent());
        for (var i = 0; i < 50; i++)
            Assert.Equal("advance", service.Next());
        service.EndWhenAdvanced();
        Parallel.ForEach(service.Wakes, wake => wake());
        for (var i = 0; i < 50; i++)
            Assert.IsType<LaneMessage.Done>(thread.Next());
        thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
        Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
    }

    [Fact]
    public async Task A_service_reads_how_the_pool_is()
    {
        var service = new Service();
        using var thread = Alone(service);
        thread.Configure(threads: 1, slots: 1);
        thread.Scoreboard.WritePool(3, 7, 2, isDraining: true, DateTimeOffset.UtcNow.AddHours(-1));
        var status = service.Status!();
        Assert.Equal(new ServerStatus(3, 7, 2, status.Uptime, true), status);
        Assert.InRange(status.Uptime, 3600, 3700);
        thread.Lane.Send(new LaneMessage.Exit(HandOver: false));
        Assert.Equal(WorkerLeave.Finished, await thread.LeaveAsync());
    }

    private static LoopThread Alone(Service service) =>
        new((lane, scoreboard) =>
        {
            using var loop = new WorkerLoop(lane, scoreboard, _ => service, signals: null);
            return loop.Run();
        });

    /// <summary>A service that says what is called, and whose connections wait for nothing that will come.</summary>
    private sealed class Service : IJournalledService, IObservesPool
    {
        private readonly BlockingCollection<string> _calls = [];
        private volatile bool _ended;

        public List<Action> Wakes { get; } = [];

        public Func<ServerStatus>? Status { get; private set; }

        public string Next() => _calls.TryTake(out var call, TimeSpan.FromSeconds(60)) ? call : "nothing";

        public IReadOnlyList<string> Rest() => [.. _calls];

        public void EndWhenAdvanced() => _ended = true;

        public void End()
        {
            EndWhenAdvanced();
            Wakes.ForEach(wake => wake());
            while (_calls.TryTake(out _))
            {
            }
        }

        public void Observe(Func<ServerStatus> status) => Status = status;

        public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now)
        {
            Wakes.Add(wake);
            return new Driver(this);
        }

        private sealed class Driver(Service service) : IConnectionDriver
        {
            public PollEvents Interest => PollEvents.Readable;

            public DateTimeOffset? Deadline => null;

            public ConnectionReport Report => new(ConnectionEnd.Completed, 0, 0, 0, TimeSpan.Zero);

            public ulong TakeProgress() => 0;

            public void BeginDrain() => service._calls.Add("drain");

            public DriverTurn Advance(DateTimeOffset now)
            {
                if (service._ended)
                    return DriverTurn.Ended;
                service._calls.Add("advance");
                return DriverTurn.Blocked;
            }

            public void Dispose()
            {
            }
        }
    }
}
