using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>Reload, recycling and resizing: who leaves, and that nobody leaves too early.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 200)]
public class PoolReplacement
{
    /// <summary>A reload in any reached state takes no ready worker away before another is ready, whatever fails meanwhile.</summary>
    [Property]
    public Property A_reload_never_leaves_fewer_ready(PoolScenario before, PoolScenario meanwhile)
    {
        var world = new PoolScenario(before.Policy with { CrashLoopFailures = int.MaxValue, RecycleAfter = null }, before.Actions).Play();
        world.Feed(new PoolEvent.Reload(world.Now));
        var least = Serving(world);
        foreach (var action in meanwhile.Actions)
        {
            if (action.Verb is not (PoolVerb.Accept or PoolVerb.Ready or PoolVerb.FailToStart or PoolVerb.Reload or PoolVerb.Finish or PoolVerb.Leave
                or PoolVerb.Return or PoolVerb.Park or PoolVerb.Wake))
                continue;
            world.Do(action);
            if (!world.State.IsRunning)
                return true.ToProperty();
            var serving = Serving(world);
            if (serving < Math.Min(least, world.State.Target))
                return false.Label($"{serving} serve after {action}, {least} before");
            least = Math.Max(serving, least);
        }
        return true.ToProperty();

        static int Serving(PoolWorld world) => world.State.Workers.ToArray().Count(w => w.State is WorkerState.Serving);
    }

    [Fact]
    public void A_reload_replaces_everybody()
    {
        var world = PoolWorld.Ready(3);
        world.Feed(new PoolEvent.Reload(world.Now));
        Assert.Equal(6, world.Ledger.Workers.Count);
        world.Behave(2);
        Assert.Equal([4, 5, 6], world.Ledger.Workers.Keys);
    }

    [Fact]
    public void A_worker_is_recycled_after_its_connections_and_serves_until_replaced()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { RecycleAfter = 1 });
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        Assert.Equal([new PoolCommand.Release(new(1)), new PoolCommand.Spawn(new(2))], world.Feed(new PoolEvent.Done(new(1), new(1), world.Now)));
        Assert.Equal([new PoolCommand.Dispatch(new(2), new(1))], world.Feed(new PoolEvent.Accepted(new(2), PeerKey.None, world.Now)));
        Assert.Equal([new PoolCommand.SendExit(new(1), HandOver: true)], world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now)));
    }

    /// <summary>What failed at full strength is a replacement: the old worker serves on, and the pool does not end for it.</summary>
    [Fact]
    public void A_replacement_that_never_starts_keeps_the_old_worker_serving()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { CrashLoopFailures = 2 });
        world.Feed(new PoolEvent.Reload(world.Now));
        for (var i = 0; i < 5; i++)
        {
            world.Exit(world.Ledger.Workers.Values.Single(w => !w.IsReady), new WorkerExit.Exited(1), 0);
            world.BeatAll();
            world.Pass(TimeSpan.FromSeconds(3));
        }
        Assert.True(world.Ledger.Workers[1].MayBeOffered);
        Assert.True(world.State.IsRunning);
    }

    /// <summary>Retiring workers with long transfers must not keep a smaller pool from replacing the one that serves.</summary>
    [Fact]
    public void A_crowd_of_retiring_workers_does_not_hold_up_a_replacement()
    {
        var world = PoolWorld.Ready(2);
        world.Begin(1, 2);
        world.Feed(new PoolEvent.Reload(world.Now));
        foreach (var id in new[] { 3, 4 })
            world.Feed(new PoolEvent.WorkerReady(new(id), 1, 0, world.Now));
        world.Begin(3, 4);
        world.Feed(new PoolEvent.Resize(-1, world.Now));
        var last = world.Ledger.Workers.Values.Single(w => w.MayBeOffered);
        var said = world.Feed(new PoolEvent.WorkerExited(last.Id, new WorkerExit.Killed(11), Arr<ConnectionId>.Empty, null, 0, world.Now));
        Assert.Equal(3, world.Ledger.Workers.Values.Count(w => w.IsTold));
        Assert.Contains(new PoolCommand.Spawn(new(5)), said);
    }

    [Fact]
    public void A_second_reload_lets_the_outdated_replacement_go_unready()
    {
        var world = PoolWorld.Ready(1);
        world.Feed(new PoolEvent.Reload(world.Now));
        Assert.Equal([new PoolCommand.SendExit(new(2), HandOver: true)], world.Feed(new PoolEvent.Reload(world.Now)));
        world.LetGo();
        Assert.Equal([1, 3], world.Ledger.Workers.Keys);
    }

    [Fact]
    public void A_dying_worker_is_the_first_that_a_smaller_pool_does_without()
    {
        var world = PoolWorld.Ready(2);
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.BeatAll();
        world.Pass(world.Policy.AcknowledgeWithin);
        Assert.True(world.Ledger.Workers[1].IsKilled);
        Assert.Empty(world.Feed(new PoolEvent.Resize(-1, world.Now)));
        world.LetGo();
        Assert.Equal([2], world.Ledger.Workers.Keys);
    }

    [Fact]
    public void The_death_of_an_outgoing_worker_does_not_cut_its_replacements_back_off_short()
    {
        var world = PoolWorld.Ready(1);
        world.Feed(new PoolEvent.Reload(world.Now));
        world.Exit(world.Ledger.Workers[2], new WorkerExit.NotSpawned(11), 0);
        Assert.Empty(world.Feed(new PoolEvent.WorkerExited(new(1), new WorkerExit.Killed(11), Arr<ConnectionId>.Empty, null, 0, world.Now)));
        world.Pass(world.Policy.BackoffBase);
        Assert.Equal([3], world.Ledger.Workers.Keys);
    }
}
