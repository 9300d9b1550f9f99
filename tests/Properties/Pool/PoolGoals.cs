using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>From any state that can be reached: who asked for something and waits for it is told in the end, and truly.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 200)]
public class PoolGoals
{
    [Property]
    public Property A_new_size_is_reached_when_the_world_behaves(PoolScenario scenario, PositiveInt size)
    {
        var target = 1 + (size.Get % 6);
        return Reaches(scenario, world => new PoolEvent.ResizeTo(target, world.Now), _ => new PoolGoal.Resized(target));
    }

    [Property]
    public Property A_reload_is_reached_when_the_world_behaves(PoolScenario scenario) =>
        Reaches(scenario, world => new PoolEvent.Reload(world.Now), world => new PoolGoal.Reloaded(new(world.State.Spawned)));

    [Property]
    public Property A_drain_is_reached_when_the_world_behaves(PoolScenario scenario) =>
        Reaches(scenario, world => new PoolEvent.Drain(null, world.Now), _ => new PoolGoal.Drained());

    [Property]
    public Property An_upgrade_succeeds_with_its_successor_and_fails_without(PoolScenario scenario, bool comesUp)
    {
        var world = scenario.Play();
        var goal = new PoolGoal.Upgraded();
        if (!world.State.IsRunning)
            return (goal.Of(world.State) is GoalStatus.Reached == world.State.HasSuccessor).ToProperty();
        world.Feed(new PoolEvent.Upgrade(null, world.Now));
        if (goal.Of(world.State) is not GoalStatus.Pending)
            return false.Label("decided before the answer");
        world.Feed(comesUp ? new PoolEvent.SuccessorReady(world.Now) : new PoolEvent.SuccessorFailed(world.Now));
        GoalStatus expected = comesUp ? new GoalStatus.Reached() : new GoalStatus.Failed(GoalFailure.SuccessorFailed);
        var soon = goal.Of(world.State);
        world.Behave(seconds: 10);
        return (soon == expected && (!comesUp || goal.Of(world.State) == expected)).Label($"{soon}, then {goal.Of(world.State)}");
    }

    /// <summary>What a goal says is checked against the observer's account, in every state on the way.</summary>
    [Property]
    public Property A_goal_is_reached_only_when_it_is_true(PoolScenario scenario, PositiveInt size, NonNegativeInt newest)
    {
        var world = new PoolWorld(scenario.Policy);
        var target = 1 + (size.Get % 4);
        var youngest = new WorkerId(newest.Get % 8);
        foreach (var action in scenario.Actions)
        {
            world.Do(action);
            var workers = world.Ledger.Workers.Values;
            var serving = workers.Count(w => w is { IsReady: true, IsTold: false, IsKilled: false });
            var starting = workers.Count(w => w is { IsReady: false, IsTold: false, IsKilled: false });
            if (Is(new PoolGoal.Resized(target)) && !(serving == target && starting == 0 && world.State.Target == target))
                return false.Label($"resized to {target} with {serving} serving and {starting} starting, after {action}");
            if (Is(new PoolGoal.Reloaded(youngest)) && !(serving >= world.State.Target && workers.All(w => w.Id > youngest)))
                return false.Label($"reloaded past {youngest} with {serving} of {world.State.Target}, after {action}");
            if (Is(new PoolGoal.Drained()) && world.Ledger.Verdict?.Cause != PoolEnd.Drained)
                return false.Label($"drained after {action}");
            if (Is(new PoolGoal.Upgraded()) && world.Ledger.IsRunning)
                return false.Label($"upgraded after {action}");
        }
        return true.ToProperty();

        bool Is(PoolGoal goal) => goal.Of(world.State) is GoalStatus.Reached;
    }

    [Fact]
    public void A_goal_of_a_pool_that_ends_otherwise_fails_with_the_reason()
    {
        var world = PoolWorld.Ready(2);
        world.Feed(new PoolEvent.ResizeTo(3, world.Now));
        Assert.Equal(new GoalStatus.Pending(), new PoolGoal.Resized(3).Of(world.State));
        Assert.Equal(new GoalStatus.Failed(GoalFailure.Superseded), new PoolGoal.Resized(2).Of(world.State));
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(1), world.Now));
        Assert.Equal(new GoalStatus.Failed(GoalFailure.Draining), new PoolGoal.Resized(3).Of(world.State));
        Assert.Equal(new GoalStatus.Failed(GoalFailure.Draining), new PoolGoal.Upgraded().Of(world.State));
        Assert.Equal(new GoalStatus.Pending(), new PoolGoal.Drained().Of(world.State));
        world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(new GoalStatus.Failed(GoalFailure.DrainDeadline), new PoolGoal.Drained().Of(world.State));
        world.LetGo();
        Assert.Equal(new GoalStatus.Failed(GoalFailure.DrainDeadline), new PoolGoal.Reloaded(new(1)).Of(world.State));
    }

    [Fact]
    public void A_stop_and_a_crash_loop_are_told_apart()
    {
        var stopped = PoolWorld.Ready(1);
        stopped.Feed(new PoolEvent.StopNow(stopped.Now));
        Assert.Equal(new GoalStatus.Failed(GoalFailure.Stopped), new PoolGoal.Drained().Of(stopped.State));

        var looping = new PoolWorld(new PoolPolicy(1) { CrashLoopFailures = 1 });
        looping.Exit(looping.Ledger.Workers[1], new WorkerExit.Exited(1), 0);
        Assert.Equal(new GoalStatus.Failed(GoalFailure.CrashLoop), new PoolGoal.Reloaded(new(1)).Of(looping.State));
    }

    private static Property Reaches(PoolScenario scenario, Func<PoolWorld, PoolEvent> request, Func<PoolWorld, PoolGoal> goalOf)
    {
        var world = new PoolScenario(scenario.Policy with { CrashLoopFailures = int.MaxValue }, scenario.Actions).Play();
        if (!world.State.IsRunning)
            return true.Classify(true, "ended before");
        var goal = goalOf(world);
        world.Feed(request(world));
        var early = goal.Of(world.State);
        world.Behave(seconds: 60);
        return (early is not GoalStatus.Failed && goal.Of(world.State) is GoalStatus.Reached)
            .Label($"{early}, then {goal.Of(world.State)}")
            .And((world.Ledger.Breaches.Count == 0).Label(string.Join("; ", world.Ledger.Breaches)));
    }
}
