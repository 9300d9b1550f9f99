using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Diagnostics;

/// <summary>Gives the heap's free memory back to the system, and what of the program is not used, when a process that has been busy has nothing to do. Used by one thread.</summary>
internal sealed class IdleMemory
{
    /// <summary>
    /// The switch (<see cref="AppContext"/>) by which a program says that its master has the process for itself. A program that embeds a pool decides by
    /// itself when its heap is collected.
    /// </summary>
    public const string MasterSwitch = "Trainyard.Shell.MasterReturnsIdleMemory";

    // Less is not worth a collection, which stops the process for some milliseconds.
    private const long Enough = 4 * 1024 * 1024;

    private long _collectedAt;

    /// <summary>Nothing was to be done for a while.</summary>
    public void Rest()
    {
        if (GC.GetTotalAllocatedBytes() - _collectedAt < Enough)
            return;
        // Looked up first: what that leaves on the heap is collected as well.
        var pages = ProgramPages.FindUnchanged();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ProgramPages.Forget(pages);
        _collectedAt = GC.GetTotalAllocatedBytes();
    }
}
