using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>Back-off, crash loops, hung workers, and patience: what the clock does to workers.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 200)]
public class PoolSupervision
{
    [Property]
    public Property The_delay_doubles_up_to_its_limit_and_is_spread_by_half(PositiveInt failures, NonNegativeInt spread)
    {
        var world = new PoolWorld(new PoolPolicy(1) { CrashLoopFailures = int.MaxValue });
        var jitter = spread.Get % 100 / 100.0;
        var expected = world.Policy.BackoffBase;
        for (var i = 0; i < failures.Get % 12; i++)
        {
            var id = world.Ledger.Workers.Values.Single().Id;
            var said = world.Feed(new PoolEvent.WorkerExited(id, new WorkerExit.NotSpawned(11), Arr<ConnectionId>.Empty, null, jitter, world.Now));
            var delay = PoolMachine.NextDeadline(world.State) - world.Now;
            var wanted = expected * (1 + (jitter / 2));
            if (said.Length > 0 || delay is null || Math.Abs((delay.Value - wanted).TotalMilliseconds) > 0.01)
                return false.Label($"failure {i + 1}: {delay} instead of {wanted}");
            world.Pass(delay.Value);
            expected = expected * 2 < world.Policy.BackoffLimit ? expected * 2 : world.Policy.BackoffLimit;
        }
        return (world.Ledger.Workers.Count == 1).Label("no worker").And(world.Ledger.Breaches.Count == 0);
    }

    /// <summary>Failures that far apart or that close together: only the second is a crash loop.</summary>
    [Property]
    public Property Start_failures_in_too_short_a_time_end_the_pool(PositiveInt limit, PositiveInt pauseMs)
    {
        var failures = 1 + (limit.Get % 8);
        var pause = TimeSpan.FromMilliseconds(pauseMs.Get * 97 % 12_000);
        var world = new PoolWorld(new PoolPolicy(1) { CrashLoopFailures = failures, BackoffLimit = TimeSpan.FromMilliseconds(1), ReadyWithin = TimeSpan.FromHours(1) });
        var at = new List<DateTimeOffset>();
        for (var i = 0; i < failures + 3 && world.Ledger.Verdict is null; i++)
        {
            world.Pass(pause + TimeSpan.FromMilliseconds(2));
            at.Add(world.Now);
            world.Exit(world.Ledger.Workers.Values.Single(), new WorkerExit.Exited(1), 0);
            var isLoop = at.Count(one => one + world.Policy.CrashLoopWindow > world.Now) >= failures;
            if (isLoop != (world.Ledger.Verdict?.Cause == PoolEnd.CrashLoop))
                return false.Label($"{at.Count} failures, {pause} apart, limit {failures}: {world.State.Phase}");
        }
        return (world.Ledger.Breaches.Count == 0).ToProperty();
    }

    [Fact]
    public void A_hung_worker_is_dumped_then_killed_and_a_heartbeat_saves_it()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { HungAfter = TimeSpan.FromSeconds(10), DumpGrace = TimeSpan.FromSeconds(1) });
        var dump = new PoolCommand.Signal(new(1), WorkerSignal.Dump);
        world.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal([dump], world.Commands.OfType<PoolCommand.Signal>());
        world.BeatAll();
        world.Pass(TimeSpan.FromSeconds(10.5));
        Assert.Equal([dump, dump], world.Commands.OfType<PoolCommand.Signal>());
        world.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal([dump, dump, new PoolCommand.Signal(new(1), WorkerSignal.Kill)], world.Commands.OfType<PoolCommand.Signal>());
    }

    /// <summary>Looks at a silent worker in steps of a quarter of a second, and has it killed no sooner and no later than it deserves.</summary>
    [Property(MaxTest = 200)]
    public void A_worker_that_is_stopped_or_computes_without_a_sign_is_killed_and_one_that_waits_is_not(byte[] looks)
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { HungAfter = null, StuckAfter = TimeSpan.FromSeconds(1) });
        var (computed, base_, stopped) = (TimeSpan.FromSeconds(5), TimeSpan.MinValue, 0);
        foreach (var look in looks)
        {
            world.Pass(TimeSpan.FromMilliseconds(250));
            if (look % 7 == 0)
            {
                world.BeatAll();
                (base_, stopped) = (TimeSpan.MinValue, 0);
                continue;
            }
            var isStopped = look % 3 == 0;
            stopped = isStopped ? stopped + 1 : 0;
            computed += isStopped ? TimeSpan.Zero : TimeSpan.FromMilliseconds(look % 5 * 50);
            base_ = base_ == TimeSpan.MinValue ? computed : base_;
            var said = world.Feed(new PoolEvent.Silent(new(1), isStopped, computed, world.Now));
            if (stopped < 3 && computed - base_ < TimeSpan.FromSeconds(1))
            {
                Assert.Empty(said);
                continue;
            }
            Assert.Equal([new PoolCommand.Signal(new(1), WorkerSignal.Dump), new PoolCommand.Signal(new(1), WorkerSignal.Kill)], said);
            Assert.Empty(world.Feed(new PoolEvent.Silent(new(1), isStopped, computed, world.Now)));
            return;
        }
    }

    [Fact]
    public void Signs_of_life_are_looked_for_oftener_while_a_client_would_have_to_wait()
    {
        var world = PoolWorld.Ready(1);
        Assert.Equal(TimeSpan.FromSeconds(1), PoolMachine.WatchInterval(world.State));
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        Assert.Equal(TimeSpan.FromMilliseconds(250), PoolMachine.WatchInterval(world.State));
    }

    [Fact]
    public void A_silent_worker_is_killed_and_its_connection_served_by_another_only_when_it_is_dead()
    {
        var world = PoolWorld.Ready(2);
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.BeatAll();
        world.Pass(world.Policy.AcknowledgeWithin);
        Assert.True(world.Ledger.Workers[1].IsKilled);
        Assert.Single(world.Commands.OfType<PoolCommand.Dispatch>());
        var said = world.Feed(new PoolEvent.WorkerExited(new(1), new WorkerExit.Killed(9), Arr<ConnectionId>.Empty, null, 0, world.Now));
        Assert.Contains(new PoolCommand.Dispatch(new(1), new(2)), said);
    }

    [Fact]
    public void A_worker_that_served_well_is_replaced_at_once_each_time()
    {
        var world = PoolWorld.Ready(1);
        for (var i = 1; i < 5; i++)
        {
            world.Behave(6);
            Assert.Contains(
                new PoolCommand.Spawn(new(i + 1)),
                world.Feed(new PoolEvent.WorkerExited(new(i), new WorkerExit.Killed(11), Arr<ConnectionId>.Empty, null, 0, world.Now)));
        }
    }

    [Fact]
    public void A_worker_that_keeps_dying_young_is_replaced_at_once_only_the_first_time()
    {
        var world = PoolWorld.Ready(1);
        Assert.Single(Die(1).OfType<PoolCommand.Spawn>());
        world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now));
        Assert.Empty(Die(2).OfType<PoolCommand.Spawn>());

        PoolCommand[] Die(int id) =>
            world.Feed(new PoolEvent.WorkerExited(new(id), new WorkerExit.Killed(11), Arr<ConnectionId>.Empty, null, 0, world.Now));
    }

    [Fact]
    public void A_worker_with_a_broken_lane_does_not_eat_the_queue()
    {
        var world = PoolWorld.Ready(2);
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Accepted(new(2), PeerKey.None, world.Now));
        for (var i = 3; i < 100; i++)
            world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now));
        Assert.Equal(
            [new PoolCommand.Queue(new(1), 98)],
            world.Feed(new PoolEvent.Refused(new(1), new(1), world.Now)));
        world.Pass(world.Policy.RefusalPause);
        Assert.Equal(new PoolCommand.Dispatch(new(1), new(1)), world.Commands[^1]);
    }

    [Fact]
    public void A_shorter_patience_tightens_a_drain_and_a_longer_one_does_not()
    {
        var world = PoolWorld.Ready(1);
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        world.Feed(new PoolEvent.Drain(null, world.Now));
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(2), world.Now));
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(9), world.Now));
        world.Pass(TimeSpan.FromSeconds(2));
        world.LetGo();
        Assert.Equal(new PoolVerdict(PoolEnd.DrainDeadline, Completed: 0, HandedOn: 0, Rejected: 0, Aborted: 1), world.Ledger.Verdict);
    }

    [Fact]
    public void The_first_cause_of_an_end_stays()
    {
        var world = PoolWorld.Ready(1);
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(1), world.Now));
        world.Pass(TimeSpan.FromSeconds(1));
        world.Feed(new PoolEvent.StopNow(world.Now));
        world.LetGo();
        Assert.Equal(PoolEnd.DrainDeadline, world.Ledger.Verdict?.Cause);
    }
}
