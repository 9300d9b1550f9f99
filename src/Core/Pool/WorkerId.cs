namespace Trainyard.Core.Pool;

/// <summary>Names one worker's life, from its spawn to its end. A replacement has a new id, so an event of a dead worker is recognised.</summary>
/// <param name="Value">Counts spawned workers from 1. Never reused.</param>
public readonly record struct WorkerId(int Value) : IComparable<WorkerId>
{
    /// <inheritdoc/>
    public int CompareTo(WorkerId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"w{Value}";

    /// <summary>Whether <paramref name="left"/> was spawned before <paramref name="right"/>.</summary>
    public static bool operator <(WorkerId left, WorkerId right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> was spawned after <paramref name="right"/>.</summary>
    public static bool operator >(WorkerId left, WorkerId right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> was not spawned after <paramref name="right"/>.</summary>
    public static bool operator <=(WorkerId left, WorkerId right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> was not spawned before <paramref name="right"/>.</summary>
    public static bool operator >=(WorkerId left, WorkerId right) => left.Value >= right.Value;
}
