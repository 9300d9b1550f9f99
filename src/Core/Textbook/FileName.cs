using LanguageExt;

namespace Trainyard.Core.Textbook;

/// <summary>The plain name of a file: no path, nothing that a directory or a terminal could misunderstand.</summary>
/// <remarks>
/// Bytes, not text: Linux takes any byte but <c>/</c> and NUL (path_resolution(7)). Names of 1 to 255 bytes without control
/// characters are accepted, except <c>.</c> and <c>..</c>. Equal by content.
/// </remarks>
public sealed record FileName
{
    /// <summary>The longest name, in bytes (NAME_MAX of limits.h).</summary>
    public const int MaximumLength = 255;

    private const byte Delete = 0x7f;

    private readonly byte[] _bytes;

    private FileName(byte[] bytes) => _bytes = bytes;

    /// <summary>The name's bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The name's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Bytes of the name, <c>1 ..= 255</c>.</summary>
    public int Length => _bytes.Length;

    /// <summary>The name for people, safe to print on a terminal (see <see cref="SafeText"/>).</summary>
    public string Display => SafeText.Of(_bytes);

    /// <summary>Checks a name and copies it.</summary>
    public static Either<FileNameError, FileName> Create(ReadOnlySpan<byte> bytes) =>
        Check(bytes) is { } error ? error : new FileName(bytes.ToArray());

    /// <inheritdoc/>
    public bool Equals(FileName? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="Display"/>
    public override string ToString() => Display;

    /// <summary>Why these bytes are not a name; <c>null</c> where they are one.</summary>
    internal static FileNameError? Check(ReadOnlySpan<byte> bytes)
    {
        if (CheckLength(bytes.Length) is { } wrongLength)
            return wrongLength;
        if (bytes.SequenceEqual("."u8) || bytes.SequenceEqual(".."u8))
            return new FileNameError.Directory(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '/')
                return new FileNameError.Separator(i);
            if (bytes[i] is < (byte)' ' or Delete)
                return new FileNameError.Control(bytes[i], i);
        }
        return null;
    }

    /// <summary>Why no name has this length; <c>null</c> where one can.</summary>
    internal static FileNameError? CheckLength(int length) =>
        length switch
        {
            0 => new FileNameError.Empty(),
            > MaximumLength => new FileNameError.TooLong(length, MaximumLength),
            _ => null,
        };
}
