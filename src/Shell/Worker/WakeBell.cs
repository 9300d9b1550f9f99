using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>
/// Connections that other threads want to have advanced: named from anywhere, taken by the worker's loop, which an eventfd wakes.
/// Holds no connection twice, so that it is bounded. Thread-safe.
/// </summary>
internal sealed class WakeBell : IDisposable
{
    private readonly Lock _gate = new();
    private readonly EventDescriptor _bell = Libc.CreateEvent();
    private HashSet<ConnectionId> _named = [];
    private HashSet<ConnectionId> _spare = [];
    private bool _closed;

    /// <summary>Readable while somebody is named.</summary>
    public Descriptor Readable => _bell;

    /// <summary>Names a connection. Without effect once the loop has ended.</summary>
    public void Ring(ConnectionId connection)
    {
        lock (_gate)
            if (!_closed && _named.Add(connection) && _named.Count == 1)
                Libc.SignalEvent(_bell);
    }

    /// <summary>Takes out who was named; good until the next call. The loop's thread only.</summary>
    public IReadOnlyCollection<ConnectionId> Take()
    {
        lock (_gate)
        {
            Libc.DrainEvent(_bell);
            (_named, _spare) = (_spare, _named);
            _named.Clear();
            return _spare;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _bell.Dispose();
        }
    }
}
