namespace Trainyard.Core.Lane;

/// <summary>A service's settings as bytes, compared by content. <c>default</c> is empty.</summary>
public readonly struct Settings : IEquatable<Settings>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public Settings(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public bool Equals(Settings other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Settings other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>The length only: settings may hold paths.</summary>
    public override string ToString() => $"{Bytes.Length} bytes";

    /// <summary>Whether both hold the same bytes.</summary>
    public static bool operator ==(Settings left, Settings right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(Settings left, Settings right) => !left.Equals(right);
}
