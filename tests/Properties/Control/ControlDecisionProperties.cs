using FsCheck.Xunit;
using Trainyard.Core.Control;
using Trainyard.Core.Pool;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Pool;
using Xunit;

namespace Trainyard.Properties.Control;

/// <summary>What a request comes to, in every phase of a pool.</summary>
[Properties(Arbitrary = [typeof(ControlRequests)], MaxTest = 200)]
public class ControlDecisionProperties
{
    private static readonly PoolPolicy Policy = new(2);

    private static IEnumerable<PoolState> States => PoolSamples.Phases(Policy).Select(sample => sample.State);

    [Property]
    public bool Only_a_status_changes_nothing(ControlRequest request) =>
        (ControlDecision.EventOf(request, null, PoolWorld.Epoch) is null) == (request is ControlRequest.Status);

    [Property]
    public bool Nobody_waits_for_a_pool_that_has_ended(ControlRequest request) =>
        States.All(state => Asked(state, request) is var (after, goal)
            && (after.Phase is not Phase.Stopped || ControlDecision.StatusOf(request, goal, after) is not GoalStatus.Pending));

    [Property]
    public bool An_end_is_told_when_there_is_a_verdict_and_not_before(ControlRequest request) =>
        request is not (ControlRequest.Drain or ControlRequest.StopNow)
        || States.All(state => Asked(state, request) is var (after, goal)
            && ControlDecision.StatusOf(request, goal, after) is GoalStatus.Pending == after.Phase is not Phase.Stopped);

    [Property]
    public bool What_is_not_done_any_more_fails_at_once(ControlRequest request) =>
        request is ControlRequest.Drain or ControlRequest.StopNow or ControlRequest.Status
        || States.Where(state => !state.IsRunning).All(state => Asked(state, request) is var (after, goal)
            && (ControlDecision.StatusOf(request, goal, after) is GoalStatus.Failed || (request is ControlRequest.Upgrade && state.HasSuccessor)));

    [Fact]
    public void The_patience_that_was_asked_for_is_the_drains()
    {
        var configured = TimeSpan.FromSeconds(7);
        Assert.Equal(configured, PatienceOf(new ControlPatience.Configured(), configured));
        Assert.Null(PatienceOf(new ControlPatience.Endless(), configured));
        Assert.Equal(TimeSpan.FromSeconds(1), PatienceOf(new ControlPatience.Limit(TimeSpan.FromSeconds(1)), configured));
        Assert.Null(PatienceOf(new ControlPatience.Configured(), null));
    }

    [Fact]
    public void A_reload_is_done_when_nobody_of_before_is_left()
    {
        var state = Serving(PoolMachine.Start(Policy, PoolWorld.Epoch).State, 1, 2);
        var (reloaded, goal) = Asked(state, new ControlRequest.Reload());
        Assert.IsType<GoalStatus.Pending>(StatusOf(reloaded));
        var fresh = Serving(reloaded, 3, 4);
        Assert.IsType<GoalStatus.Pending>(StatusOf(fresh));
        Assert.IsType<GoalStatus.Reached>(StatusOf(Gone(Gone(fresh, 1), 2)));

        GoalStatus StatusOf(PoolState later) => ControlDecision.StatusOf(new ControlRequest.Reload(), goal, later);
    }

    private static TimeSpan? PatienceOf(ControlPatience patience, TimeSpan? configured) =>
        Assert.IsType<PoolEvent.Drain>(ControlDecision.EventOf(new ControlRequest.Drain(patience), configured, PoolWorld.Epoch)).Patience;

    private static (PoolState After, PoolGoal Goal) Asked(PoolState before, ControlRequest request)
    {
        var after = ControlDecision.EventOf(request, null, before.Now) is { } ev ? PoolMachine.Step(before, ev).State : before;
        return (after, ControlDecision.GoalOf(request, before, after));
    }

    private static PoolState Serving(PoolState state, params int[] workers) =>
        workers.Aggregate(state, (last, worker) => PoolMachine.Step(last, new PoolEvent.WorkerReady(new(worker), 1, 0, last.Now)).State);

    private static PoolState Gone(PoolState state, int worker) =>
        PoolMachine.Step(state, new PoolEvent.WorkerExited(new(worker), new WorkerExit.Exited(0), [], null, 0, state.Now)).State;
}
