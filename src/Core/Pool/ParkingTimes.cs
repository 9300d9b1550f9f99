using System.Collections.Immutable;

namespace Trainyard.Core.Pool;

/// <summary>When which parked connection is to be ended, the earliest first. Immutable, equal by content.</summary>
/// <remarks>Holds only those with a limit. Finding, adding and removing one takes a time that is logarithmic in their number.</remarks>
internal sealed class ParkingTimes : IEquatable<ParkingTimes>
{
    private readonly ImmutableSortedSet<(DateTimeOffset Until, long Number)> _times;

    private ParkingTimes(ImmutableSortedSet<(DateTimeOffset Until, long Number)> times) => _times = times;

    /// <summary>Nothing is to be ended.</summary>
    internal static ParkingTimes Empty { get; } = new([]);

    /// <summary>Which one is next, by the number inside its id; <c>null</c> where none is.</summary>
    internal (DateTimeOffset Until, long Number)? Next => _times.IsEmpty ? null : _times.Min;

    /// <inheritdoc/>
    public bool Equals(ParkingTimes? other) => other is not null && _times.SetEquals(other._times);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParkingTimes);

    /// <inheritdoc/>
    public override int GetHashCode() => _times.Count;

    internal ParkingTimes Add(DateTimeOffset? until, long number) => until is { } at ? new(_times.Add((at, number))) : this;

    internal ParkingTimes Remove(DateTimeOffset? until, long number) => until is { } at ? new(_times.Remove((at, number))) : this;
}
