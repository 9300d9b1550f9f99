namespace Trainyard.Core.Pool;

/// <summary>Names one accepted connection for as long as the master has custody of it.</summary>
/// <param name="Value">Counts accepted connections, so that a smaller value arrived earlier. Never reused.</param>
public readonly record struct ConnectionId(long Value) : IComparable<ConnectionId>
{
    /// <inheritdoc/>
    public int CompareTo(ConnectionId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"c{Value}";

    /// <summary>Whether <paramref name="left"/> arrived before <paramref name="right"/>.</summary>
    public static bool operator <(ConnectionId left, ConnectionId right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> arrived after <paramref name="right"/>.</summary>
    public static bool operator >(ConnectionId left, ConnectionId right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> did not arrive after <paramref name="right"/>.</summary>
    public static bool operator <=(ConnectionId left, ConnectionId right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> did not arrive before <paramref name="right"/>.</summary>
    public static bool operator >=(ConnectionId left, ConnectionId right) => left.Value >= right.Value;
}
