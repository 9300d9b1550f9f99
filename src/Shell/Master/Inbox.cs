using System.Collections.Concurrent;
using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>What other threads ask of a master: put in from anywhere, taken out by its loop, which an eventfd wakes. Thread-safe.</summary>
internal sealed class Inbox : IDisposable
{
    private readonly ConcurrentQueue<Func<DateTimeOffset, PoolEvent>> _requests = new();

    /// <summary>Readable while something may be in the inbox.</summary>
    public EventDescriptor Bell { get; } = Libc.CreateEvent();

    /// <summary>Puts a request in; the loop gives it the time at which it takes it out.</summary>
    public void Put(Func<DateTimeOffset, PoolEvent> request)
    {
        _requests.Enqueue(request);
        Libc.SignalEvent(Bell);
    }

    /// <summary>Takes everything out that is there.</summary>
    public IEnumerable<PoolEvent> TakeAll(DateTimeOffset now)
    {
        Libc.DrainEvent(Bell);
        while (_requests.TryDequeue(out var request))
            yield return request(now);
    }

    /// <inheritdoc/>
    public void Dispose() => Bell.Dispose();
}
