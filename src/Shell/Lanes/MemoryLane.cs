using Trainyard.Core.Lane;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>
/// One end of a lane between two threads of a process: messages and descriptors change hands by reference, without a copy, a duplicate or
/// a lock. Each end belongs to one thread. What a lane holds is bounded by who uses it: a pool never has more under way than its slots.
/// </summary>
internal sealed class MemoryLane : IWorkerLane
{
    private readonly MemoryQueue _incoming;
    private readonly MemoryQueue _outgoing;

    private MemoryLane(MemoryQueue incoming, MemoryQueue outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <inheritdoc/>
    public Descriptor Readable => _incoming.Bell;

    /// <summary>A connected pair.</summary>
    /// <exception cref="NativeException">No descriptor left for their two eventfds.</exception>
    public static (MemoryLane First, MemoryLane Second) CreatePair()
    {
        var (left, right) = (new MemoryQueue(), new MemoryQueue());
        return (new MemoryLane(left, right), new MemoryLane(right, left));
    }

    /// <summary>Sends a message.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="descriptor">
    /// A descriptor to hand over: the other end's from now on, whatever becomes of it, unless the answer is an error.
    /// </param>
    /// <returns>EPIPE where the other end is closed.</returns>
    public Errno Send(LaneMessage message, Descriptor? descriptor = null) =>
        _outgoing.Put(new LaneReceipt.Message(message, descriptor)) ? Errno.None : Errno.BrokenPipe;

    /// <inheritdoc/>
    public void Say(LaneMessage message) => _ = Send(message);

    /// <inheritdoc/>
    public void Flush()
    {
        // Whatever is said is there at once.
    }

    /// <inheritdoc/>
    public LaneReceipt Receive() => _incoming.Take();

    /// <summary>Closes this end: the other one still receives what was sent before, then <see cref="LaneReceipt.Closed"/>.</summary>
    public void Dispose()
    {
        _outgoing.EndWriting();
        _incoming.EndReading();
    }
}
