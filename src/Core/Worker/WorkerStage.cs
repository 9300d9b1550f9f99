namespace Trainyard.Core.Worker;

/// <summary>Where a worker is in its life. It only ever moves downwards in this list.</summary>
public enum WorkerStage
{
    /// <summary>It waits for its configuration.</summary>
    Configuring,

    /// <summary>It takes connections.</summary>
    Serving,

    /// <summary>It finishes what it holds and takes nothing more.</summary>
    Leaving,

    /// <summary>It ends: it was told to leave and holds nothing, or it failed.</summary>
    Gone,
}
