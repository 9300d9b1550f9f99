namespace Trainyard.Core.Transfer;

/// <summary>A pattern for one name: no <c>/</c> in it, none in what it matches.</summary>
internal sealed class GlobName
{
    private readonly GlobToken[] _tokens;

    private GlobName(GlobToken[] tokens, bool isAnyDepth)
    {
        _tokens = tokens;
        IsAnyDepth = isAnyDepth;
    }

    /// <summary>Whether it is <c>**</c>, which stands for any number of names.</summary>
    public bool IsAnyDepth { get; }

    /// <summary>Reads the units of a pattern.</summary>
    /// <param name="pattern">Each unit, and whether it was escaped and so stands for itself.</param>
    public static GlobName Parse(ReadOnlySpan<(int Unit, bool IsEscaped)> pattern)
    {
        if (pattern is [('*', false), ('*', false)])
            return new([], isAnyDepth: true);
        var tokens = new List<GlobToken>(pattern.Length);
        for (var at = 0; at < pattern.Length;)
        {
            var length = 1;
            tokens.Add(pattern[at] switch
            {
                ('*', false) => new GlobToken.Many(),
                ('?', false) => new GlobToken.One(),
                ('[', false) when ReadSet(pattern[at..], out length) is { } set => set,
                var (unit, _) => new GlobToken.Unit(unit),
            });
            at += length;
        }
        return new([.. tokens], isAnyDepth: false);
    }

    /// <summary>Whether the pattern matches a whole name.</summary>
    /// <remarks>
    /// As shells do, a name that begins with a dot is matched only where the pattern begins with one. Takes at most (tokens x units) steps:
    /// after a failure only the last <c>*</c> need take more.
    /// </remarks>
    public bool Matches(ReadOnlySpan<byte> name)
    {
        var units = NameUnits.Of(name);
        if (IsHidden(name) && !(_tokens is [GlobToken.Unit { Value: '.' }, ..]))
            return false;
        var (token, unit, star, starUnit) = (0, 0, -1, 0);
        while (unit < units.Length)
        {
            if (token < _tokens.Length && _tokens[token] is GlobToken.Many)
            {
                (star, starUnit) = (token++, unit);
            }
            else if (token < _tokens.Length && _tokens[token].Takes(units[unit]))
            {
                token++;
                unit++;
            }
            else if (star >= 0)
            {
                token = star + 1;
                unit = ++starUnit;
            }
            else
            {
                return false;
            }
        }
        return _tokens.AsSpan(token).TrimStart(new GlobToken.Many()).IsEmpty;
    }

    /// <summary>Whether <c>**</c> steps over a name.</summary>
    public static bool IsHidden(ReadOnlySpan<byte> name) => name is [(byte)'.', ..];

    // null where no ']' closes it: then '[' is a character like any other. A ']' that comes first is one of the set.
    private static GlobToken.Set? ReadSet(ReadOnlySpan<(int Unit, bool IsEscaped)> pattern, out int length)
    {
        var at = 1;
        var isNegated = pattern.Length > 1 && pattern[1] is ('!', false) or ('^', false);
        if (isNegated)
            at++;
        var ranges = new List<(int, int)>();
        for (var first = at; at < pattern.Length; first = -1)
        {
            if (pattern[at] is (']', false) && at != first)
            {
                length = at + 1;
                return new(isNegated, [.. ranges]);
            }
            var from = pattern[at].Unit;
            var isRange = at + 2 < pattern.Length && pattern[at + 1] is ('-', false) && pattern[at + 2] is not (']', false);
            ranges.Add((from, isRange ? pattern[at + 2].Unit : from));
            at += isRange ? 3 : 1;
        }
        length = 1;
        return null;
    }
}
