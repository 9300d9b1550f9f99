using LanguageExt;

namespace Trainyard.Core.Transfer;

/// <summary>A pattern for paths below a directory, as it stands in an address.</summary>
/// <remarks>
/// <para>
/// <c>*</c> is any part of a name, <c>?</c> one character, <c>[a-z]</c> one of these, <c>[!a-z]</c> none of these, <c>**</c> as a whole
/// component any number of directories; at the end, whatever lies below. <c>%XX</c> is that byte and never a wildcard, so every name can be written.
/// </para>
/// <para>
/// A character is one of UTF-8; a byte that is part of none counts as one. As in shells, a wildcard does not match the dot that a name
/// begins with, and <c>**</c> does not enter such directories. Thread-safe.
/// </para>
/// </remarks>
public sealed class Glob
{
    private readonly GlobName[] _names;

    private Glob(GlobName[] names) => _names = names;

    /// <summary>Whether the pattern has <c>**</c>, so that what it matches may lie at any depth.</summary>
    public bool HasAnyDepth => Array.Exists(_names, static name => name.IsAnyDepth);

    /// <summary>Whether a percent-encoded text has a wildcard that is not escaped.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> text) => text.ContainsAny("*?["u8);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">Names and wildcards separated by <c>/</c>, percent-encoded, relative to a directory.</param>
    public static Either<GlobError, Glob> Parse(ReadOnlySpan<byte> text)
    {
        var names = new List<GlobName>();
        for (var from = 0; from <= text.Length;)
        {
            var length = text[from..].IndexOf((byte)'/') is >= 0 and var slash ? slash : text.Length - from;
            var component = text.Slice(from, length);
            if (Decode(component, out var bytes, out var isEscaped) is >= 0 and var bad)
                return new GlobError.BadEscape(from + bad);
            if (bytes.AsSpan() is [] or [(byte)'.'] or [(byte)'.', (byte)'.'])
                return new GlobError.NoName(from);
            names.Add(GlobName.Parse(Units(bytes, isEscaped)));
            from += length + 1;
        }
        return new Glob([.. names]);
    }

    /// <summary>Whether the pattern matches a whole path, relative to the pattern's directory.</summary>
    public bool Matches(ReadOnlySpan<byte> path) => Reaches(path, isPrefix: false);

    /// <summary>Whether something below a directory may match: what says no need not be listed.</summary>
    /// <param name="directory">Its path, relative to the pattern's directory.</param>
    public bool MayMatchBelow(ReadOnlySpan<byte> directory) => Reaches(directory, isPrefix: true);

    // The set of positions in the pattern that the path's names up to now may have led to: a small automaton, at most one step per name
    // and position. Position p means that names 0 .. p-1 of the pattern are used up; at a "**" it may stay for another name.
    private bool Reaches(ReadOnlySpan<byte> path, bool isPrefix)
    {
        var positions = new bool[_names.Length + 1];
        positions[0] = true;
        while (true)
        {
            var slash = path.IndexOf((byte)'/');
            positions = After(positions, slash < 0 ? path : path[..slash]);
            if (slash < 0)
                return isPrefix ? Array.IndexOf(positions, true, 0, _names.Length) >= 0 : positions[^1];
            path = path[(slash + 1)..];
        }
    }

    private bool[] After(bool[] positions, ReadOnlySpan<byte> name)
    {
        var next = new bool[positions.Length];
        // Ascending, so that "**" standing for no name at all opens the position behind it in the same step.
        for (var at = 0; at < _names.Length; at++)
        {
            if (!positions[at])
                continue;
            if (!_names[at].IsAnyDepth)
            {
                next[at + 1] |= _names[at].Matches(name);
                continue;
            }
            var isLast = at == _names.Length - 1;
            if (!GlobName.IsHidden(name))
            {
                next[at] = true;
                next[at + 1] |= isLast;
            }
            positions[at + 1] |= !isLast;
        }
        return next;
    }

    private static int Decode(ReadOnlySpan<byte> text, out byte[] bytes, out bool[] isEscaped)
    {
        bytes = new byte[text.Length];
        isEscaped = new bool[text.Length];
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            bytes[count] = text[at];
            if (text[at] == '%')
            {
                if (at + 2 >= text.Length || Convert.FromHexString(text.Slice(at + 1, 2), bytes.AsSpan(count, 1), out _, out _) != System.Buffers.OperationStatus.Done)
                    return at;
                isEscaped[count] = true;
                at += 2;
            }
            at++;
        }
        bytes = bytes[..count];
        isEscaped = isEscaped[..count];
        return -1;
    }

    private static (int Unit, bool IsEscaped)[] Units(byte[] bytes, bool[] isEscaped)
    {
        var units = new List<(int, bool)>(bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            var unit = NameUnits.First(bytes.AsSpan(at), out var length);
            units.Add((unit, isEscaped[at]));
            at += length;
        }
        return [.. units];
    }
}
