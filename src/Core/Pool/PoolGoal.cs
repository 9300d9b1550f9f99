namespace Trainyard.Core.Pool;

/// <summary>What somebody who asked a pool for something waits for. Pure and total.</summary>
/// <remarks>
/// To be looked at after the step of the event that asked, and then after each step until it is decided: a state tells what is
/// true of the pool, not what was asked of it and when.
/// </remarks>
public abstract record PoolGoal
{
    private PoolGoal() { }

    /// <summary>After <see cref="PoolEvent.Resize"/> or <see cref="PoolEvent.ResizeTo"/>: exactly so many workers serve and no other is starting.</summary>
    /// <param name="Target">How many; counts as the nearest that a pool can have. Those who were told to leave may still finish what they hold.</param>
    public sealed record Resized(int Target) : PoolGoal;

    /// <summary>After <see cref="PoolEvent.Reload"/>: no worker of before is left, and as many as should serve do.</summary>
    /// <param name="Newest">The youngest worker of before: <see cref="PoolState.Spawned"/> of the state that the reload was fed to.</param>
    public sealed record Reloaded(WorkerId Newest) : PoolGoal;

    /// <summary>After <see cref="PoolEvent.Upgrade"/>: the new master serves. This pool may still have to finish what it holds.</summary>
    public sealed record Upgraded : PoolGoal;

    /// <summary>After <see cref="PoolEvent.Drain"/>: the pool has ended, and nothing was cut.</summary>
    public sealed record Drained : PoolGoal;

    /// <summary>How far the goal is in this state.</summary>
    public GoalStatus Of(PoolState state) => this switch
    {
        Resized(var target) => OfResized(state, Math.Clamp(target, 1, PoolPolicy.MostWorkers)),
        Reloaded(var newest) => OfReloaded(state, newest),
        Upgraded => OfUpgraded(state),
        _ => OfDrained(state),
    };

    private static GoalStatus OfResized(PoolState state, int target)
    {
        if (!state.IsRunning)
            return Ended(state);
        if (state.Target != target)
            return new GoalStatus.Failed(GoalFailure.Superseded);
        var census = Census.Of(state);
        return ReachedIf(census.Serving == target && census.Up == target);
    }

    private static GoalStatus OfReloaded(PoolState state, WorkerId newest)
    {
        if (!state.IsRunning)
            return Ended(state);
        var serving = 0;
        foreach (var worker in state.Workers)
        {
            if (worker.Id <= newest)
                return new GoalStatus.Pending();
            serving += worker.State is WorkerState.Serving ? 1 : 0;
        }
        return ReachedIf(serving >= state.Target);
    }

    private static GoalStatus OfUpgraded(PoolState state) =>
        state.Phase is Phase.Running { Successor: null } ? new GoalStatus.Failed(GoalFailure.SuccessorFailed)
        : state.IsRunning || state.HasSuccessor ? ReachedIf(state.HasSuccessor)
        : Ended(state);

    private static GoalStatus OfDrained(PoolState state) =>
        state.Phase switch
        {
            Phase.Running or Phase.Draining => new GoalStatus.Pending(),
            Phase.Stopped { Verdict.Cause: PoolEnd.Drained } => new GoalStatus.Reached(),
            _ => Ended(state),
        };

    private static GoalStatus ReachedIf(bool isReached) => isReached ? new GoalStatus.Reached() : new GoalStatus.Pending();

    private static GoalStatus.Failed Ended(PoolState state) =>
        new(Cause(state) switch
        {
            PoolEnd.Stopped => GoalFailure.Stopped,
            PoolEnd.CrashLoop => GoalFailure.CrashLoop,
            PoolEnd.DrainDeadline => GoalFailure.DrainDeadline,
            _ => GoalFailure.Draining,
        });

    private static PoolEnd? Cause(PoolState state) =>
        state.Phase switch
        {
            Phase.Stopping stopping => stopping.Cause,
            Phase.Stopped stopped => stopped.Verdict.Cause,
            _ => null,
        };
}
