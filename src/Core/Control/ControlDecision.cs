using Trainyard.Core.Pool;

namespace Trainyard.Core.Control;

/// <summary>What requests mean to a pool: which event each is, what it has to lead to, and whether it has. Pure.</summary>
public static class ControlDecision
{
    /// <summary>The event that a request stands for; <c>null</c> where it asks for nothing to be done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="configured">The configured patience of a drain; <c>null</c> is no limit.</param>
    /// <param name="now">When it came.</param>
    public static PoolEvent? EventOf(ControlRequest request, TimeSpan? configured, DateTimeOffset now) => request switch
    {
        ControlRequest.Drain(var patience) => new PoolEvent.Drain(patience.Resolve(configured), now),
        ControlRequest.StopNow => new PoolEvent.StopNow(now),
        ControlRequest.Reload => new PoolEvent.Reload(now),
        ControlRequest.Upgrade(var patience) => new PoolEvent.Upgrade(patience.Resolve(configured), now),
        ControlRequest.ResizeBy(var delta) => new PoolEvent.Resize(delta, now),
        ControlRequest.ResizeTo(var target) => new PoolEvent.ResizeTo(target, now),
        _ => null,
    };

    /// <summary>What a request's event has to lead to.</summary>
    /// <param name="request">The request.</param>
    /// <param name="before">The state that its event met.</param>
    /// <param name="after">The state that came of it.</param>
    public static PoolGoal GoalOf(ControlRequest request, PoolState before, PoolState after) => request switch
    {
        ControlRequest.Reload => new PoolGoal.Reloaded(new WorkerId(before.Spawned)),
        ControlRequest.Upgrade => new PoolGoal.Upgraded(),
        ControlRequest.ResizeBy or ControlRequest.ResizeTo => new PoolGoal.Resized(after.Target),
        _ => new PoolGoal.Drained(),
    };

    /// <summary>How a request stands in a state. One that ends the pool is decided only when the pool has ended, since then there is a verdict.</summary>
    /// <param name="request">The request.</param>
    /// <param name="goal">What <see cref="GoalOf"/> said of it.</param>
    /// <param name="state">The state after any later step.</param>
    public static GoalStatus StatusOf(ControlRequest request, PoolGoal goal, PoolState state) => request switch
    {
        ControlRequest.Status => new GoalStatus.Reached(),
        ControlRequest.Drain or ControlRequest.StopNow when state.Phase is not Phase.Stopped => new GoalStatus.Pending(),
        ControlRequest.StopNow => new GoalStatus.Reached(),
        _ => goal.Of(state),
    };
}
