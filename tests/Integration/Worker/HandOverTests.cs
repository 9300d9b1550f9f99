using System.Collections.Concurrent;
using Trainyard.Core.Lane;
using Trainyard.Core.Worker;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>Connections that leave their worker before their end: given back when it goes, parked when there is nothing to do on them.</summary>
public sealed class HandOverTests
{
    private static readonly DateTimeOffset Never = DateTimeOffset.UtcNow.AddDays(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_leaves_gives_back_what_can_stop_and_finishes_the_rest(int threads)
    {
        await DescriptorLeak.CheckAsync(async () =>
        {
            var service = new Service();
            using var worker = Worker(service, threads);
            worker.Configure(threads, slots: 4);
            var stops = Assign(worker, service, 1);
            var busy = Assign(worker, service, 2);
            var never = Assign(worker, service, 3);
            busy.StopsNow = false;
            never.CanStop = false;
            worker.Lane.Send(new LaneMessage.Exit(HandOver: true));
            Assert.Equal(new LaneMessage.Return(new(1)), worker.Next());
            Assert.True(stops.Ended.Wait(Until.Patience, TestContext.Current.CancellationToken));
            // Nobody else can end it, so it is told to; the other one is only asked to stop, again and again.
            Assert.True(never.Drained.Wait(Until.Patience, TestContext.Current.CancellationToken));
            worker.Lane.Send(new LaneMessage.Assign(new(4), -1), Libc.CreateEvent());
            Assert.Equal(new LaneMessage.Refuse(new(4), RefuseReason.Leaving), worker.Next());
            busy.StopsNow = true;
            busy.Wake();
            Assert.Equal(new LaneMessage.Return(new(2)), worker.Next());
            Assert.False(busy.Drained.IsSet);
            Assert.False(stops.Drained.IsSet);
            never.Ends = true;
            never.Wake();
            Assert.Equal(3, Assert.IsType<LaneMessage.Done>(worker.Next()).Connection.Value);
            Assert.Equal(WorkerLeave.Finished, await worker.LeaveAsync());
        });
    }

    [Fact]
    public async Task One_that_drains_gives_nothing_back_any_more()
    {
        var service = new Service();
        using var worker = Worker(service, threads: 1);
        worker.Configure(threads: 1, slots: 2);
        var connection = Assign(worker, service, 1);
        connection.StopsNow = false;
        worker.Lane.Send(new LaneMessage.GiveBack());
        worker.Lane.Send(new LaneMessage.Drain());
        Assert.True(connection.Drained.Wait(Until.Patience, TestContext.Current.CancellationToken));
        connection.StopsNow = true;
        worker.Lane.Send(new LaneMessage.Exit(HandOver: true));
        connection.Ends = true;
        connection.Wake();
        Assert.IsType<LaneMessage.Done>(worker.Next());
        Assert.Equal(WorkerLeave.Finished, await worker.LeaveAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_idle_connection_is_parked_after_a_while(int threads)
    {
        await DescriptorLeak.CheckAsync(async () =>
        {
            var service = new Service();
            using var worker = Worker(service, threads);
            worker.Configure(threads, slots: 3);
            var limited = Assign(worker, service, 1);
            var unlimited = Assign(worker, service, 2);
            Assign(worker, service, 3);
            limited.IdleUntil = Never;
            limited.IdleSince = unlimited.IdleSince = DateTimeOffset.UtcNow;
            limited.Wake();
            unlimited.Wake();
            foreach (var parked in new[] { worker.Next(), worker.Next() }.Cast<LaneMessage.Park>())
            {
                if (parked.Connection.Value == 2)
                    Assert.Null(parked.Left);
                else
                    Assert.InRange(parked.Left!.Value, TimeSpan.FromHours(20), TimeSpan.FromDays(1));
            }
            Assert.True(limited.Ended.Wait(Until.Patience, TestContext.Current.CancellationToken));
            // The third one is not idle: it stays until the worker goes.
            worker.Lane.Send(new LaneMessage.Exit(HandOver: true));
            Assert.Equal(new LaneMessage.Return(new(3)), worker.Next());
            Assert.Equal(WorkerLeave.Finished, await worker.LeaveAsync());
        });
    }

    [Fact]
    public async Task Where_others_wait_for_a_slot_it_is_parked_in_its_next_turn()
    {
        var service = new Service();
        using var worker = Worker(service, threads: 1);
        worker.Configure(threads: 1, slots: 3);
        var idle = Assign(worker, service, 1);
        var late = Assign(worker, service, 2);
        var stays = Assign(worker, service, 3);
        // Idle from tomorrow on: no time that passes here is long enough.
        idle.IdleSince = late.IdleSince = stays.IdleSince = Never;
        late.IdleUntil = DateTimeOffset.UtcNow.AddDays(-1);
        stays.CanStop = false;
        await idle.HasTurnAsync();
        worker.Scoreboard.WritePool(1, 3, waiting: 1, isDraining: false, DateTimeOffset.UtcNow);
        await stays.HasTurnAsync();
        idle.Wake();
        Assert.Equal(new LaneMessage.Park(new(1), null), worker.Next());
        late.Wake();
        Assert.Equal(new LaneMessage.Park(new(2), TimeSpan.Zero), worker.Next());
        stays.Ends = true;
        stays.Wake();
        Assert.IsType<LaneMessage.Done>(worker.Next());
        worker.Lane.Send(new LaneMessage.Exit(HandOver: true));
        Assert.Equal(WorkerLeave.Finished, await worker.LeaveAsync());
    }

    private static LoopThread Worker(Service service, int threads) =>
        new((lane, scoreboard) =>
        {
            if (threads > 1)
            {
                using var many = new ThreadPoolLoop(lane, scoreboard, _ => service, signals: null, ThreadPoolLoop.PolicyOf);
                return many.Run();
            }
            using var loop = new WorkerLoop(lane, scoreboard, _ => service, signals: null);
            return loop.Run();
        });

    private static Driver Assign(LoopThread worker, Service service, long connection)
    {
        worker.Assign(connection, Libc.CreateEvent());
        return service.Next();
    }

    private sealed class Service : IJournalledService
    {
        private readonly BlockingCollection<Driver> _opened = [];

        public Driver Next() => _opened.TryTake(out var driver, Until.Patience) ? driver : throw new TimeoutException("no connection is opened");

        public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now)
        {
            var driver = new Driver(socket, wake);
            _opened.Add(driver);
            return driver;
        }
    }

    /// <summary>A connection that does what a test says.</summary>
    private sealed class Driver(Descriptor socket, Action wake) : IConnectionDriver, IHandsOver
    {
        private volatile bool _ends;
        private volatile bool _canStop = true;
        private volatile bool _stopsNow = true;
        private int _turns;

        public ManualResetEventSlim Drained { get; } = new();

        public ManualResetEventSlim Ended { get; } = new();

        public bool Ends { get => _ends; set => _ends = value; }

        public bool StopsNow { get => _stopsNow; set => _stopsNow = value; }

        public bool CanStop { get => _canStop; set => _canStop = value; }

        public DateTimeOffset? IdleSince { get; set; }

        public DateTimeOffset? IdleUntil { get; set; }

        public PollEvents Interest => PollEvents.Readable;

        public DateTimeOffset? Deadline => null;

        public ConnectionReport Report => new(ConnectionEnd.Completed, 0, 0, 0, TimeSpan.Zero);

        public void Wake() => wake();

        public async Task HasTurnAsync()
        {
            var before = Volatile.Read(ref _turns);
            wake();
            await Until.HoldsAsync(() => Volatile.Read(ref _turns) > before, "the connection has its turn");
        }

        public ulong TakeProgress() => 0;

        public bool TryStop() => StopsNow;

        public void BeginDrain() => Drained.Set();

        public DriverTurn Advance(DateTimeOffset now)
        {
            Interlocked.Increment(ref _turns);
            return Ends ? DriverTurn.Ended : DriverTurn.Blocked;
        }

        public void Dispose()
        {
            socket.Dispose();
            Ended.Set();
        }
    }
}
