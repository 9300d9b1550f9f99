using LanguageExt;
using Trainyard.Core.Textbook;

namespace Trainyard.Core.Protocol;

/// <summary>A path below the served root: names separated by <c>/</c>, none of which leads up, stays or is empty.</summary>
/// <remarks>
/// Bytes, not text: Linux takes any byte but <c>/</c> and NUL in a name (path_resolution(7)), so control bytes and bytes that are not UTF-8
/// are allowed; show <see cref="Display"/>, never the bytes. That a path is well formed says nothing about symbolic links: whoever opens it
/// must resolve it beneath the root. The root itself is no path; where it can be meant, no path stands for it. Equal by content. Thread-safe.
/// </remarks>
public sealed record RemotePath
{
    /// <summary>The longest path, in bytes (PATH_MAX of limits.h, which counts the closing NUL that is not sent).</summary>
    public const int MaximumLength = 4096 - 1;

    /// <summary>The longest component, in bytes (NAME_MAX of limits.h).</summary>
    public const int MaximumComponent = 255;

    private readonly byte[] _bytes;

    private RemotePath(byte[] bytes) => _bytes = bytes;

    /// <summary>The path's bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Bytes of the path, <c>1 ..= 4095</c>.</summary>
    public int Length => _bytes.Length;

    /// <summary>The path for people, safe to print on a terminal (see <see cref="SafeText"/>).</summary>
    public string Display => SafeText.Of(_bytes);

    /// <summary>Checks a path and copies it.</summary>
    public static Either<PathError, RemotePath> Create(ReadOnlySpan<byte> bytes) =>
        Check(bytes) is { } error ? error : new RemotePath(bytes.ToArray());

    /// <inheritdoc/>
    public bool Equals(RemotePath? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="Display"/>
    public override string ToString() => Display;

    /// <summary>Why these bytes are not a path; <c>null</c> where they are one.</summary>
    internal static PathError? Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return new PathError.Empty();
        if (bytes.Length > MaximumLength)
            return new PathError.TooLong(bytes.Length, MaximumLength);
        if (bytes[0] == '/')
            return new PathError.Absolute();
        if (bytes.IndexOf((byte)0) is >= 0 and var nul)
            return new PathError.Nul(nul);
        for (var from = 0; from <= bytes.Length;)
        {
            var length = bytes[from..].IndexOf((byte)'/') is >= 0 and var slash ? slash : bytes.Length - from;
            if (CheckComponent(bytes.Slice(from, length), from) is { } error)
                return error;
            from += length + 1;
        }
        return null;
    }

    /// <summary>Takes bytes that <see cref="Check"/> has passed.</summary>
    internal static RemotePath Checked(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    private static PathError? CheckComponent(ReadOnlySpan<byte> component, int position) =>
        component.IsEmpty ? new PathError.EmptyComponent(position)
        : component.SequenceEqual("."u8) || component.SequenceEqual(".."u8) ? new PathError.Dots(position)
        : component.Length > MaximumComponent ? new PathError.ComponentTooLong(position, component.Length)
        : null;
}
