namespace Trainyard.Core.Pool;

/// <summary>The stages of a worker's life. A worker whose exit was noticed is no longer in the pool.</summary>
public abstract record WorkerState
{
    private WorkerState() { }

    /// <summary>Spawned, and not ready yet.</summary>
    public sealed record Starting : WorkerState;

    /// <summary>Ready, or busy where all slots are taken.</summary>
    /// <param name="Slots">How many connections it can carry at once; at least 1.</param>
    public sealed record Serving(int Slots) : WorkerState;

    /// <summary>Told to finish what it holds and leave.</summary>
    public sealed record Retiring : WorkerState;

    /// <summary>Killed; its exit is awaited, since only then can nobody else be writing to its connections.</summary>
    /// <param name="Told">Whether it had been told to leave before, so that its end is no failure.</param>
    public sealed record Killed(bool Told) : WorkerState;
}
