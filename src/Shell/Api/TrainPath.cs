using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;

namespace Trainyard.Shell;

/// <summary>Where something lies below a server's root: names separated by <c>/</c>. Bytes, as Linux has them; they need not be UTF-8.</summary>
/// <remarks>
/// 1 to 4095 bytes, relative; no name is empty, <c>.</c>, <c>..</c> or longer than 255 bytes, none has a NUL. <c>default</c> is
/// <see cref="Root"/>. Equal by content. Thread-safe.
/// </remarks>
public readonly struct TrainPath : IEquatable<TrainPath>
{
    private readonly RemotePath? _path;

    internal TrainPath(RemotePath? path) => _path = path;

    /// <summary>The server's root itself.</summary>
    public static TrainPath Root => default;

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => _path is null;

    /// <summary>The bytes; none for the root.</summary>
    public ReadOnlySpan<byte> Bytes => _path is null ? default : _path.Span;

    /// <summary>The path for people, safe to print on a terminal: what is not printable UTF-8 is escaped. The root is <c>.</c>.</summary>
    public string Display => _path?.Display ?? ".";

    /// <summary>The last name of the path; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The directory that this lies in; the root for what lies in the root, and for the root.</summary>
    public TrainPath Parent =>
        Bytes.LastIndexOf((byte)'/') is > 0 and var slash ? FromBytes(Bytes[..slash]) : Root;

    /// <summary>How the engine knows it: <c>null</c> for the root.</summary>
    internal RemotePath? Remote => _path;

    /// <summary>Takes bytes as a path; none are the root.</summary>
    /// <exception cref="FormatException">They are no path.</exception>
    public static TrainPath FromBytes(ReadOnlySpan<byte> bytes) =>
        TryFromBytes(bytes, out var path) ? path : throw new FormatException($"'{SafeText.Of(bytes.ToArray())}' is no path below a root");

    /// <summary>Takes bytes as a path, if they are one; none are the root.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out TrainPath path)
    {
        path = bytes.IsEmpty ? Root : new(RemotePath.Create(bytes).Case as RemotePath);
        return bytes.IsEmpty || !path.IsRoot;
    }

    /// <summary>A path below this one.</summary>
    /// <param name="name">A name, or several separated by <c>/</c>; none give this path.</param>
    /// <exception cref="FormatException">The whole is no path.</exception>
    public TrainPath Join(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? this : IsRoot ? FromBytes(name) : FromBytes([.. Bytes, (byte)'/', .. name]);

    /// <inheritdoc cref="FromString"/>
    public static implicit operator TrainPath(string text) => FromString(text);

    /// <summary>Takes a text, as UTF-8, as a path; the empty one is the root.</summary>
    /// <exception cref="FormatException">It is no path.</exception>
    public static TrainPath FromString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FromBytes(Encoding.UTF8.GetBytes(text));
    }

    /// <inheritdoc/>
    public bool Equals(TrainPath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TrainPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _path?.GetHashCode() ?? 0;

    /// <inheritdoc cref="Display"/>
    public override string ToString() => Display;

    /// <summary>Whether both are the same path.</summary>
    public static bool operator ==(TrainPath left, TrainPath right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(TrainPath left, TrainPath right) => !left.Equals(right);
}
