using System.Collections.Immutable;

namespace Trainyard.Core.Pool;

/// <summary>How many connections are in custody of each peer. Immutable, equal by content.</summary>
/// <remarks>Holds no peer with a count of 0, so its size is bounded by the connections in custody.</remarks>
public sealed class PeerCounts : IEquatable<PeerCounts>
{
    private readonly ImmutableDictionary<PeerKey, int> _counts;

    private PeerCounts(ImmutableDictionary<PeerKey, int> counts) => _counts = counts;

    /// <summary>No connection of anybody.</summary>
    public static PeerCounts Empty { get; } = new(ImmutableDictionary<PeerKey, int>.Empty);

    /// <summary>How many peers have a connection in custody.</summary>
    public int Peers => _counts.Count;

    /// <summary>The number of this peer's connections in custody; always 0 for <see cref="PeerKey.None"/>.</summary>
    public int this[PeerKey peer] => _counts.GetValueOrDefault(peer);

    /// <inheritdoc/>
    public bool Equals(PeerCounts? other)
    {
        if (other is null || _counts.Count != other._counts.Count)
            return false;
        foreach (var (peer, count) in _counts)
            if (other[peer] != count)
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PeerCounts);

    /// <inheritdoc/>
    public override int GetHashCode() => _counts.Count;

    /// <summary>The peers and their counts.</summary>
    public override string ToString() => $"[{string.Join(", ", _counts.Select(one => $"{one.Key}: {one.Value}"))}]";

    internal PeerCounts Add(PeerKey peer) => peer == PeerKey.None ? this : new(_counts.SetItem(peer, this[peer] + 1));

    internal PeerCounts Remove(PeerKey peer) =>
        this[peer] switch
        {
            0 => this,
            1 => new(_counts.Remove(peer)),
            var count => new(_counts.SetItem(peer, count - 1)),
        };
}
