using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>From any state that can be reached: once the world behaves, the pool does what it is for.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 300)]
public class PoolLiveness
{
    [Property]
    public Property A_running_pool_gets_back_to_its_target_and_serves_everybody(PoolScenario scenario)
    {
        var world = scenario.Play();
        var wasRunning = world.State.IsRunning;
        // Those who are doomed already may yet complete a crash loop.
        var doomed = world.Ledger.Workers.Values.Count(w => w.IsKilled && !w.IsReady);
        world.Behave(seconds: 60);
        var state = world.State;
        var workers = state.Workers.ToArray();
        return (!wasRunning
                || (doomed > 0 && state.Phase is Phase.Stopped { Verdict.Cause: PoolEnd.CrashLoop })
                || (workers.Length == state.Target
                    && workers.All(w => w.State is WorkerState.Serving && !w.Outgoing)
                    && state.Waiting.IsEmpty && state.Resuming.IsEmpty && state.Parked.IsEmpty && state.Held.IsEmpty
                    && !state.AcceptPaused))
            .Label($"{workers.Length} of {state.Target} workers, {state.Waiting.Count} waiting, {state.Resuming.Count} resuming")
            .And(NoBreach(world))
            .Classify(wasRunning, "running");
    }

    [Property]
    public Property A_drain_ends_when_everybody_finishes(PoolScenario scenario)
    {
        var world = scenario.Play();
        world.Feed(new PoolEvent.Drain(Patience: null, world.Now));
        world.Behave(seconds: 60);
        return (world.Ledger.Verdict is not null).Label($"{world.State.Phase}").And(NoBreach(world));
    }

    /// <summary>Nobody answers or leaves; only a killed worker dies, and what is handed on is taken.</summary>
    [Property]
    public Property A_drain_with_patience_ends_though_everything_is_stuck(PoolScenario scenario)
    {
        var world = scenario.Play();
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(30), world.Now));
        world.Pass(TimeSpan.FromSeconds(30));
        foreach (var worker in world.Ledger.Workers.Values.ToArray())
            if (worker.IsKilled)
                world.Exit(worker, new WorkerExit.Killed(9), 0);
        world.TakeAllHandedOn();
        return (world.Ledger.Verdict is not null).Label($"{world.State.Phase}").And(NoBreach(world));
    }

    [Property]
    public Property Stop_kills_everybody_at_once(PoolScenario scenario)
    {
        var world = scenario.Play();
        world.Feed(new PoolEvent.StopNow(world.Now));
        var allKilled = world.Ledger.Workers.Values.All(w => w.IsKilled);
        world.LetGo();
        return allKilled.Label("somebody lives").And(world.Ledger.Verdict is not null).And(NoBreach(world));
    }

    /// <summary>However long it takes: as long as one worker moves something within the patience, a drain cuts nothing.</summary>
    [Property]
    public bool A_drain_does_not_cut_what_moves(PositiveInt rounds)
    {
        var world = new PoolWorld(new PoolPolicy(2));
        foreach (var worker in world.Ledger.Workers.Values.ToArray())
            world.Feed(new PoolEvent.WorkerReady(worker.Id, 1, 0, world.Now));
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(3), world.Now));
        for (var i = 0; i < rounds.Get % 40; i++)
        {
            world.Pass(TimeSpan.FromSeconds(2.9));
            world.BeatAll();
        }
        world.Feed(new PoolEvent.Done(new(1), new(1), world.Now));
        world.LetGo();
        return world.Ledger.Verdict == new PoolVerdict(PoolEnd.Drained, Completed: 1, HandedOn: 0, Rejected: 0, Aborted: 0)
            && !world.Commands.OfType<PoolCommand.Signal>().Any();
    }

    private static Property NoBreach(PoolWorld world) =>
        (world.Ledger.Breaches.Count == 0).Label(string.Join("; ", world.Ledger.Breaches));
}
