namespace Trainyard.Core.Pool;

/// <summary>Where a pool stands between its start and its end. It only ever moves towards the end.</summary>
public abstract record Phase
{
    private Phase() { }

    /// <summary>Connections are accepted and dispatched, workers are kept at their number.</summary>
    /// <param name="Successor">The new master that has been started and has not answered yet; <c>null</c> where there is none.</param>
    public sealed record Running(PendingUpgrade? Successor) : Phase;

    /// <summary>What runs may finish; nothing new is taken and no worker is replaced.</summary>
    /// <param name="Patience">The longest time without progress; <c>null</c> waits without limit.</param>
    /// <param name="LastProgress">When a worker last moved anything, or when the drain began.</param>
    /// <param name="Successor">Whether a new master serves, which is given what can still be served.</param>
    public sealed record Draining(TimeSpan? Patience, DateTimeOffset LastProgress, bool Successor) : Phase;

    /// <summary>Every worker has been killed; their exits are awaited.</summary>
    /// <param name="Cause">Why. The first cause stays.</param>
    /// <param name="Successor">Whether a new master serves, which is given what can still be served.</param>
    public sealed record Stopping(PoolEnd Cause, bool Successor) : Phase;

    /// <summary>No worker is left. Nothing happens any more.</summary>
    /// <param name="Verdict">How it ended.</param>
    /// <param name="Successor">Whether a new master serves.</param>
    public sealed record Stopped(PoolVerdict Verdict, bool Successor) : Phase;
}
