namespace Trainyard.Shell.Worker;

/// <summary>
/// When each connection has to be looked at again. Most deadlines move away with every byte and are never met, so that an entry stays where it
/// is until its time has come, and only then asks the driver for the real one: what moves costs nothing, what stands still O(log n).
/// </summary>
internal sealed class DeadlineQueue
{
    private readonly SortedSet<Entry> _entries = [];

    /// <summary>When the next connection is to be looked at; <c>null</c> where none has a deadline.</summary>
    public DateTimeOffset? Next => _entries.Count == 0 ? null : _entries.Min.At;

    /// <summary>How often a driver was asked for its deadline: grows with turns, never with the number of connections that stand still.</summary>
    public long Looks { get; private set; }

    /// <summary>Looks at the connection no later than its deadline.</summary>
    public void Watch(ServedConnection connection)
    {
        Looks++;
        if (connection.Deadline is not { } deadline || connection.LookedAt <= deadline)
            return;
        Forget(connection);
        _entries.Add(new Entry(deadline, connection));
        connection.LookedAt = deadline;
    }

    /// <summary>Never looks at the connection again.</summary>
    public void Forget(ServedConnection connection)
    {
        if (connection.LookedAt is not { } at)
            return;
        _entries.Remove(new Entry(at, connection));
        connection.LookedAt = null;
    }

    /// <summary>Takes out one connection whose deadline has passed.</summary>
    /// <returns><c>null</c> where there is none.</returns>
    public ServedConnection? TakeDue(DateTimeOffset now)
    {
        while (_entries.Count > 0 && _entries.Min is { } first && first.At <= now)
        {
            Forget(first.Connection);
            Looks++;
            if (first.Connection.Deadline <= now)
                return first.Connection;
            Watch(first.Connection);
        }
        return null;
    }

    private readonly record struct Entry(DateTimeOffset At, ServedConnection Connection) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            At != other.At ? At.CompareTo(other.At) : Connection.Id.CompareTo(other.Connection.Id);
    }
}
