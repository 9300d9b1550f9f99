namespace Trainyard.Core.Pool;

/// <summary>What the pool knows about one of its workers.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Spawned">When its spawn was commanded.</param>
/// <param name="Failures">How many workers in a row failed in its place before it.</param>
public sealed record Worker(WorkerId Id, DateTimeOffset Spawned, int Failures)
{
    /// <summary>The stage of its life.</summary>
    public WorkerState State { get; internal init; } = new WorkerState.Starting();

    /// <summary>How many connections it holds, acknowledged or not.</summary>
    public int Load { get; internal init; }

    /// <summary>How many of these it has not answered yet, as far as that is waited for.</summary>
    public int Unanswered { get; internal init; }

    /// <summary>How many it may leave unanswered before it is offered more: what its lane was seen to hold; at least 1.</summary>
    public int Window { get; internal init; } = int.MaxValue;

    /// <summary>Whether it no longer counts towards the target: it serves until another is ready in its place, then leaves.</summary>
    public bool Outgoing { get; internal init; }

    /// <summary>When it became ready; <c>null</c> before.</summary>
    public DateTimeOffset? ReadySince { get; internal init; }

    /// <summary>Its last sign of life.</summary>
    public DateTimeOffset Seen { get; internal init; } = Spawned;

    /// <summary>What was seen of it since then; <c>null</c> where nobody has looked.</summary>
    public Silence? Silence { get; internal init; }

    /// <summary>When it was asked for a dump because it gave no sign of life; <c>null</c> unless it hangs.</summary>
    public DateTimeOffset? DumpedAt { get; internal init; }

    /// <summary>Until when it is offered nothing because it refused; <c>null</c> where it may be offered.</summary>
    public DateTimeOffset? RefusingUntil { get; internal init; }

    /// <summary>The highest progress that its heartbeats have told.</summary>
    public ulong Progress { get; internal init; }

    /// <summary>The number of the last dispatch to it; 0 for none.</summary>
    public long LastDispatch { get; internal init; }

    /// <summary>How many connections it has ended.</summary>
    public long Ended { get; internal init; }

    /// <summary>After how many connections it is replaced; <c>null</c> where the policy does not say, and before it is ready.</summary>
    public long? RecycleAt { get; internal init; }

    /// <summary>Its resident memory in bytes, as last told; 0 or less where it is not known.</summary>
    public long ResidentBytes { get; internal init; }

    /// <summary>Whether it may be offered connections, given a free slot.</summary>
    public bool IsReady => State is WorkerState.Serving && RefusingUntil is null;

    /// <summary>How many more connections it can be offered now.</summary>
    public int FreeSlots =>
        State is WorkerState.Serving serving && RefusingUntil is null ? Math.Min(serving.Slots - Load, Math.Max(0, Window - Unanswered)) : 0;

    /// <summary>Whether it has been told to leave, so that its exit is no failure.</summary>
    public bool WasTold => State is WorkerState.Retiring or WorkerState.Killed { Told: true };
}
