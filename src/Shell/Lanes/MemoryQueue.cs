using System.Collections.Concurrent;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>One direction of a <see cref="MemoryLane"/>: one thread puts in, one takes out, and an eventfd wakes it.</summary>
internal sealed class MemoryQueue
{
    private static readonly LaneReceipt Nothing = new LaneReceipt.Empty();
    private static readonly LaneReceipt End = new LaneReceipt.Closed();

    private readonly ConcurrentQueue<LaneReceipt.Message> _messages = new();
    private int _ends = 2;
    private int _writingEnded;
    private int _readingEnded;

    /// <summary>Readable while something may be in the queue, or its writer has closed.</summary>
    public EventDescriptor Bell { get; } = Libc.CreateEvent();

    /// <summary>Puts a message in. The writer's thread only.</summary>
    /// <returns><c>false</c> where nobody reads any more: the message is still the caller's.</returns>
    public bool Put(LaneReceipt.Message message)
    {
        if (Volatile.Read(ref _readingEnded) != 0)
            return false;
        _messages.Enqueue(message);
        // Whichever of the two threads looks second sees what the other has done: nothing is left in a queue that nobody reads.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _readingEnded) != 0)
            Discard();
        else
            Libc.SignalEvent(Bell);
        return true;
    }

    /// <summary>Takes the oldest message out, without waiting. The reader's thread only.</summary>
    public LaneReceipt Take()
    {
        if (_messages.TryDequeue(out var message))
            return message;
        // Silenced before the second look: what is put in between the two rings again.
        Libc.DrainEvent(Bell);
        var ended = Volatile.Read(ref _writingEnded) != 0;
        if (_messages.TryDequeue(out message))
            return message;
        if (ended)
            Libc.SignalEvent(Bell);
        return ended ? End : Nothing;
    }

    /// <summary>The writer is done.</summary>
    public void EndWriting()
    {
        if (Interlocked.Exchange(ref _writingEnded, 1) != 0)
            return;
        Libc.SignalEvent(Bell);
        Release();
    }

    /// <summary>The reader is done: what it has not taken is closed.</summary>
    public void EndReading()
    {
        if (Interlocked.Exchange(ref _readingEnded, 1) != 0)
            return;
        Discard();
        Release();
    }

    private void Discard()
    {
        while (_messages.TryDequeue(out var message))
            message.Descriptor?.Dispose();
    }

    // The bell may ring as long as either end is open.
    private void Release()
    {
        if (Interlocked.Decrement(ref _ends) == 0)
            Bell.Dispose();
    }
}
