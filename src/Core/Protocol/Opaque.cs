namespace Trainyard.Core.Protocol;

/// <summary>Bytes that only their maker understands: an identity, a token, a digest. Equal by content; <c>default</c> is empty. Thread-safe.</summary>
public readonly struct Opaque : IEquatable<Opaque>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public Opaque(ReadOnlySpan<byte> bytes) => _bytes = bytes.IsEmpty ? null : bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>How many bytes there are.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Length == 0;

    /// <inheritdoc/>
    public bool Equals(Opaque other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Opaque other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The length only: it may be a secret.</summary>
    public override string ToString() => $"{Length} bytes";

    /// <summary>Whether both hold the same bytes.</summary>
    public static bool operator ==(Opaque left, Opaque right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(Opaque left, Opaque right) => !left.Equals(right);
}
