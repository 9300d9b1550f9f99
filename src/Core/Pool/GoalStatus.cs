namespace Trainyard.Core.Pool;

/// <summary>How far a <see cref="PoolGoal"/> is.</summary>
public abstract record GoalStatus
{
    private GoalStatus() { }

    /// <summary>It may still be reached.</summary>
    public sealed record Pending : GoalStatus;

    /// <summary>It has been reached.</summary>
    public sealed record Reached : GoalStatus;

    /// <summary>It will not be reached any more.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(GoalFailure Reason) : GoalStatus;
}
