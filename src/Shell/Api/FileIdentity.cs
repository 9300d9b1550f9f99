using Trainyard.Core.Protocol;

namespace Trainyard.Shell;

/// <summary>What a server says a file's content is known by: another identity is another content. Opaque, at most 64 bytes.</summary>
/// <remarks><c>default</c> is none. Equal by content. Thread-safe.</remarks>
public readonly struct FileIdentity : IEquatable<FileIdentity>
{
    internal FileIdentity(Opaque value) => Value = value;

    /// <summary>Takes bytes that a server gave.</summary>
    /// <exception cref="FormatException">They are more than 64.</exception>
    public FileIdentity(ReadOnlySpan<byte> bytes) =>
        Value = bytes.Length <= Message.MaximumIdentity ? new(bytes) : throw new FormatException("an identity has at most 64 bytes");

    /// <summary>Whether there is none.</summary>
    public bool IsNone => Value.IsEmpty;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Value.Span;

    internal Opaque Value { get; }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">It is not hexadecimal, or too long.</exception>
    public static FileIdentity Parse(string text) => new(Convert.FromHexString(text).AsSpan());

    /// <summary>The bytes in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Value.Span);

    /// <inheritdoc/>
    public bool Equals(FileIdentity other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FileIdentity other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(FileIdentity left, FileIdentity right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(FileIdentity left, FileIdentity right) => !left.Equals(right);
}
