using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

[Properties(Arbitrary = [typeof(TextbookFilesArbitrary)], MaxTest = 1000)]
public class FileNameProperties
{
    [Property]
    public void A_name_is_refused_exactly_where_it_could_be_misunderstood(NameCandidate candidate)
    {
        var bytes = candidate.Bytes;
        var acceptable = bytes.Length is >= 1 and <= 255
            && Encoding.Latin1.GetString(bytes) is not ("." or "..")
            && bytes.All(static b => b >= 0x20 && b != 0x7f && b != 0x2f);
        Assert.Equal(acceptable, FileName.Create(bytes).IsRight);
        FileName.Create(bytes).IfRight(name => Assert.Equal(bytes, name.Bytes.ToArray()));
    }

    [Property]
    public void The_refusal_points_at_the_first_byte_at_fault(NameCandidate candidate)
    {
        var bytes = candidate.Bytes;
        var at = System.Array.FindIndex(bytes, static b => b < 0x20 || b == 0x7f || b == 0x2f);
        FileName.Create(bytes).IfLeft(error => Assert.Equal(
            bytes.Length switch
            {
                0 => new FileNameError.Empty(),
                > 255 => new FileNameError.TooLong(bytes.Length, 255),
                _ when at < 0 => new FileNameError.Directory(bytes.Length),
                _ when bytes[at] == 0x2f => new FileNameError.Separator(at),
                _ => (FileNameError)new FileNameError.Control(bytes[at], at),
            },
            error));
    }

    [Property]
    public void Names_are_equal_by_content(FileName name, FileName other)
    {
        Assert.Equal(name.Span.SequenceEqual(other.Span), name == other);
        var copy = TextbookFilesArbitrary.Name(name.Span.ToArray());
        Assert.Equal((name, name.GetHashCode()), (copy, copy.GetHashCode()));
    }

    [Property]
    public void Display_never_moves_a_terminal(NameCandidate candidate)
    {
        foreach (var rune in SafeText.Of(candidate.Bytes).EnumerateRunes())
        {
            Assert.True(
                rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator),
                $"U+{rune.Value:X4}");
        }
    }

    [Property]
    public void Different_bytes_display_differently(NameCandidate one, NameCandidate other) =>
        Assert.Equal(one.Bytes.SequenceEqual(other.Bytes), SafeText.Of(one.Bytes) == SafeText.Of(other.Bytes));

    [Theory]
    [InlineData("file2", "file2")]
    [InlineData("读书笔记 1", "读书笔记 1")]
    [InlineData("\u001b[2J", @"\u{1b}[2J")]
    [InlineData("\u009b2J", @"\u{9b}2J")]
    [InlineData("\u202egpj.exe", @"\u{202e}gpj.exe")]
    [InlineData("a\u2028b", @"a\u{2028}b")]
    [InlineData(@"C:\x", @"C:\\x")]
    [InlineData("\U0001F686", "\U0001F686")]
    [InlineData("\uE000", @"\u{e000}")]
    public void Text_is_shown_or_escaped(string text, string shown) => Assert.Equal(shown, SafeText.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_shown_in_hex() =>
        Assert.Equal(@"a\xff\xc3b\xe8\xaf", SafeText.Of([(byte)'a', 0xff, 0xc3, (byte)'b', 0xe8, 0xaf]));
}
