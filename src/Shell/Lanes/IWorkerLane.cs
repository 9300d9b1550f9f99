using Trainyard.Core.Lane;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>A worker's end of its lane, whether its master is another process or another thread of its own.</summary>
internal interface IWorkerLane : IDisposable
{
    /// <summary>Readable while <see cref="Receive"/> may have something.</summary>
    Descriptor Readable { get; }

    /// <summary>
    /// Says something to the master, at the latest with <see cref="Flush"/>. Waits where the lane is full; what is said to a master that is gone is lost.
    /// </summary>
    void Say(LaneMessage message);

    /// <summary>Has everything leave that was said.</summary>
    void Flush();

    /// <summary>Takes the next message, without waiting.</summary>
    LaneReceipt Receive();
}
