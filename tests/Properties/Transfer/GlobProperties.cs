using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Transfer;
using Xunit;

namespace Trainyard.Properties.Transfer;

public class GlobProperties
{
    private static readonly string[] Pieces = ["a", "b", "é", ".", "*", "?", "[ab]", "[!a]", "[]", "[b", "%2A"];

    private static readonly string[] NamePieces = ["a", "b", "é", ".", "-", "*", "]", "[b"];

    [Property(MaxTest = 2000)]
    public Property It_agrees_with_regular_expressions_and_recursion() =>
        Prop.ForAll(Patterns.ToArbitrary(), Paths.ToArbitrary(), static (pattern, path) =>
        {
            var expected = Expected(pattern.Split('/'), path.Split('/'));
            return (Parse(pattern)?.Matches(Bytes(path)) == expected).Label($"{pattern} and {path}: not {expected}");
        });

    [Property(MaxTest = 2000)]
    public Property No_directory_that_holds_a_match_is_left_out() =>
        Prop.ForAll(Patterns.ToArbitrary(), Paths.ToArbitrary(), static (pattern, path) =>
        {
            var glob = Parse(pattern)!;
            return !glob.Matches(Bytes(path))
                || path.Select(static (c, at) => (c, at)).Where(static each => each.c == '/').All(each => glob.MayMatchBelow(Bytes(path[..each.at])));
        });

    [Property]
    public void An_escaped_name_matches_itself_alone(NonEmptyArray<byte> name, NonEmptyArray<byte> other)
    {
        byte[] path = [.. name.Get.Select(static b => b is 0 or (byte)'/' or (byte)'.' ? (byte)'x' : b)];
        var glob = Parse(string.Concat(path.Select(static b => string.Create(CultureInfo.InvariantCulture, $"%{b:x2}"))))!;
        Assert.True(glob.Matches(path));
        Assert.Equal(path.AsSpan().SequenceEqual(other.Get), glob.Matches(other.Get));
    }

    [Property(MaxTest = 2000)]
    public void Any_text_has_an_answer_and_any_path_too(byte[] text, byte[] path)
    {
        switch (Glob.Parse(text).Case)
        {
            case Glob glob:
                _ = glob.Matches(path);
                _ = glob.MayMatchBelow(path);
                break;
            case GlobError.BadEscape { Position: var at }:
                Assert.Equal((byte)'%', text[at]);
                break;
            case GlobError.NoName { Position: var at }:
                Assert.True(at <= text.Length);
                break;
        }
    }

    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", ".txt", false)]
    [InlineData("*.txt", "d/a.txt", false)]
    [InlineData("*/*.txt", "d/a.txt", true)]
    [InlineData("d*/a.txt", "d1/a.txt", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**", "a/.b/c", false)]
    [InlineData("**/c", "c", true)]
    [InlineData("**/c", "a/b/c", true)]
    [InlineData("a/**/c", "a/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**/**/c", "a/b/c", true)]
    [InlineData("a**c", "abc", true)]
    [InlineData("?", "é", true)]
    [InlineData("??", "é", false)]
    [InlineData("[à-ü]", "é", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[!]a]", "b", true)]
    [InlineData("[a%2Dz]", "-", true)]
    [InlineData("[a%2Dz]", "m", false)]
    [InlineData("[a%5D]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[z-a]", "m", false)]
    [InlineData("%2A", "*", true)]
    [InlineData("%2A", "a", false)]
    [InlineData("[", "[", true)]
    [InlineData(".*", ".a", true)]
    [InlineData("[.]*", ".a", false)]
    public void What_wildcards_mean(string pattern, string path, bool matches) =>
        Assert.Equal(matches, Parse(pattern)!.Matches(Bytes(path)));

    [Fact]
    public void Bytes_that_are_no_UTF8_count_one_each()
    {
        Assert.True(Parse("a??")!.Matches([(byte)'a', 0xff, 0xc3]));
        Assert.False(Parse("a?")!.Matches([(byte)'a', 0xff, 0xc3]));
        Assert.True(Parse("a%FF?")!.Matches([(byte)'a', 0xff, 0xc3]));
    }

    [Fact]
    public void What_is_no_pattern_is_said_by_type()
    {
        Assert.Equal(new GlobError.BadEscape(2), Glob.Parse("a*%zz"u8).Case);
        Assert.Equal(new GlobError.BadEscape(0), Glob.Parse("%2"u8).Case);
        Assert.Equal(new GlobError.NoName(2), Glob.Parse("*//a"u8).Case);
        Assert.Equal(new GlobError.NoName(2), Glob.Parse("*/%2e."u8).Case);
        Assert.Equal(new GlobError.NoName(0), Glob.Parse(""u8).Case);
    }

    [Fact]
    public void Many_stars_take_no_time() =>
        Assert.False(Parse(string.Concat(Enumerable.Repeat("*a", 100)))!.Matches(Bytes(new string('a', 254) + "b")));

    private static Gen<string> Patterns => Joined(Gen.Frequency((1, Gen.Constant("**")), (4, Name(Pieces))));

    private static Gen<string> Paths => Joined(Name(NamePieces));

    private static Gen<string> Name(string[] pieces) =>
        Gen.NonEmptyListOf(Gen.Elements(pieces)).Select(static chosen => string.Concat(chosen.Take(5)))
            .Where(static name => name is not ("." or ".."));

    private static Gen<string> Joined(Gen<string> names) =>
        Gen.NonEmptyListOf(names).Select(static chosen => string.Join('/', chosen.Take(4)));

    private static Glob? Parse(string pattern) => Glob.Parse(Bytes(pattern)).Case as Glob;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static bool Expected(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return path.IsEmpty;
        if (pattern[0] != "**")
            return !path.IsEmpty && Name(pattern[0], path[0]) && Expected(pattern[1..], path[1..]);
        var enters = !path.IsEmpty && path[0][0] != '.';
        return pattern.Length == 1
            ? enters && (path.Length == 1 || Expected(pattern, path[1..]))
            : Expected(pattern[1..], path) || (enters && Expected(pattern, path[1..]));
    }

    private static bool Name(string pattern, string name)
    {
        if (name[0] == '.' && pattern[0] != '.')
            return false;
        var regex = new StringBuilder("^");
        for (var at = 0; at < pattern.Length;)
        {
            var set = Regex.Match(pattern[at..], @"^\[!?(?>\]?)[^\]]*\]");
            regex.Append(pattern[at] switch
            {
                '*' => ".*",
                '?' => ".",
                '%' => @"\*",
                '[' when set.Success => "[" + set.Value[1..^1].Replace('!', '^').Replace("]", @"\]", StringComparison.Ordinal)
                    .Replace("[", @"\[", StringComparison.Ordinal).Replace("%2A", @"\*", StringComparison.Ordinal) + "]",
                var c => Regex.Escape(c.ToString()).Replace("]", @"\]", StringComparison.Ordinal),
            });
            at += pattern[at] == '%' ? 3 : pattern[at] == '[' && set.Success ? set.Length : 1;
        }
        return Regex.IsMatch(name, regex.Append('$').ToString(), RegexOptions.Singleline);
    }
}
