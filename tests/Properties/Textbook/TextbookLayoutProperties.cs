using FsCheck;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

[Properties(Arbitrary = [typeof(TextbookFilesArbitrary)], MaxTest = 300)]
public class TextbookLayoutProperties
{
    [Property]
    public void From_any_position_on_the_parts_are_the_rest_of_the_stream(TextbookFile file, NonNegativeInt seed)
    {
        var (layout, wire) = (file.Layout, ReferenceEncoder.Encode(file));
        Assert.Equal(wire.Length, layout.Length);
        Assert.Equal(wire.Length - 4, layout.EndTrainAt);
        foreach (var from in Positions(layout, seed.Get))
            Assert.Equal(wire[(int)from..], LayoutReader.Read(layout, file.Content, from, layout.Length));
    }

    [Property]
    public void A_part_ends_where_the_origin_of_the_bytes_changes(TextbookFile file, NonNegativeInt seed)
    {
        var layout = file.Layout;
        foreach (var from in Positions(layout, seed.Get))
        {
            var part = layout.PartAt(from);
            var next = layout.PartAt(from + part.Length);
            Assert.Equal(from, part.Position);
            Assert.True(from == layout.Length || part.Length > 0);
            Assert.True(next.Kind != part.Kind || next.Position == layout.EndTrainAt || next.Position == layout.Length, $"{part} then {next}");
            Assert.True(from >= layout.EndTrainAt || next.Position <= layout.EndTrainAt, "the zero train is a part of its own");
        }
    }

    [Property]
    public void Wire_positions_and_file_offsets_count_the_same_bytes(TextbookFile file, NonNegativeInt seed)
    {
        var layout = file.Layout;
        for (var offset = seed.Get % 7; offset < file.Content.Length; offset += 13)
        {
            var position = layout.FilePosition(offset);
            Assert.Equal(new LayoutPart(LayoutPartKind.File, position, layout.PartAt(position).Length, offset), layout.PartAt(position));
            Assert.Equal((offset, offset + 1), (layout.FileBytesBefore(position), layout.FileBytesBefore(position + 1)));
        }
        Assert.Equal(layout.EndTrainAt, layout.FilePosition(layout.Size));
        Assert.Equal(layout.Size, layout.FileBytesBefore(layout.EndTrainAt));
    }

    [Property]
    public void Literals_come_in_pieces_of_any_size(TextbookFile file, NonNegativeInt seed)
    {
        var (layout, wire) = (file.Layout, ReferenceEncoder.Encode(file));
        foreach (var from in Positions(layout, seed.Get))
        {
            var piece = new byte[1 + seed.Get % 9];
            var count = layout.CopyLiteral(from, piece);
            var part = layout.PartAt(from);
            Assert.Equal(part.Kind == LayoutPartKind.Literal ? Math.Min(part.Length, piece.Length) : 0, count);
            Assert.Equal(wire[(int)from..((int)from + count)], piece[..count]);
            Assert.All(piece[count..], static b => Assert.Equal(0, b));
        }
    }

    [Property]
    public void Outside_positions_count_as_the_nearer_end(TextbookFile file, PositiveInt beyond)
    {
        var layout = file.Layout;
        Assert.Equal(layout.PartAt(0), layout.PartAt(-beyond.Get));
        Assert.Equal(new(LayoutPartKind.Literal, layout.Length, 0, layout.Size), layout.PartAt(layout.Length + beyond.Get));
        Assert.Equal((0, 0), (layout.CopyLiteral(layout.Length, new byte[8]), layout.CopyLiteral(long.MaxValue, new byte[8])));
        Assert.Equal((0L, layout.Size), (layout.FileBytesBefore(long.MinValue), layout.FileBytesBefore(long.MaxValue)));
        Assert.Equal((layout.FilePosition(0), layout.EndTrainAt), (layout.FilePosition(long.MinValue), layout.FilePosition(long.MaxValue)));
    }

    [Property]
    public void Equal_by_dialect_name_and_size(TextbookFile file, TextbookFile other)
    {
        var again = new TextbookFile(file.Dialect, TextbookFilesArbitrary.Name(file.Name.Span.ToArray()), file.Content);
        Assert.Equal(file.Layout, again.Layout);
        Assert.Equal(file.Layout.GetHashCode(), again.Layout.GetHashCode());
        var same = file.Dialect == other.Dialect && file.Name == other.Name && file.Content.Length == other.Content.Length;
        Assert.Equal(same, file.Layout == other.Layout);
    }

    [Theory]
    [InlineData(Dialect.Trains, 9_186_000_000_000_000_000, true)]
    [InlineData(Dialect.Sized, 9_186_623_000_000_000_000, true)]
    [InlineData(Dialect.Sized, 9_186_700_000_000_000_000, false)]
    [InlineData(Dialect.Trains, long.MaxValue, false)]
    [InlineData(Dialect.Whole, long.MaxValue, false)]
    [InlineData(Dialect.Whole, long.MaxValue - 300, true)]
    public void Sizes_up_to_the_end_of_what_positions_count(Dialect dialect, long size, bool fits)
    {
        var name = TextbookFilesArbitrary.Name(new byte[255].Select(static _ => (byte)'n').ToArray());
        var created = TextbookLayout.Create(dialect, name, size);
        Assert.Equal(fits, created.IsRight);
        created.IfLeft(error => Assert.Equal(new LayoutError.TooLarge(size), error));
        created.IfRight(static layout =>
        {
            Assert.True(layout.Length > layout.Size, "the length did not overflow");
            Assert.Equal(layout.Size, layout.FileBytesBefore(layout.EndTrainAt));
            Assert.Equal(layout.Size - 1, layout.FileBytesBefore(layout.FilePosition(layout.Size - 1)));
            Assert.Equal(layout.EndTrainAt, layout.FilePosition(layout.Size - 1) + 1);
            Assert.Equal(layout.Length - layout.EndTrainAt, layout.PartAt(layout.EndTrainAt).Length);
        });
    }

    [Fact]
    public void What_has_no_response_is_refused_by_type()
    {
        var name = TextbookFilesArbitrary.Name("a"u8.ToArray());
        Assert.Equal(new LayoutError.NegativeSize(-1), Refusal(Dialect.Trains, -1));
        Assert.Equal(new LayoutError.NegativeSize(long.MinValue), Refusal(Dialect.Whole, long.MinValue));
        Assert.Equal(new LayoutError.NoFileDialect(Dialect.Echo), Refusal(Dialect.Echo, 1));
        Assert.Equal(new LayoutError.NoFileDialect((Dialect)77), Refusal((Dialect)77, 1));

        LayoutError? Refusal(Dialect dialect, long size) =>
            TextbookLayout.Create(dialect, name, size).Match<LayoutError?>(static _ => null, static error => error);
    }

    /// <summary>Every position of a short response; of a longer one those around its joints, and some more.</summary>
    private static IEnumerable<long> Positions(TextbookLayout layout, int seed)
    {
        for (var position = 0L; position <= layout.Length; position++)
        {
            var joint = layout.FilePosition(layout.FileBytesBefore(position) / 1000 * 1000);
            if (Math.Abs(position - joint) < 3 || layout.Length - position < 8 || position < 3 || (position + seed) % 251 == 0)
                yield return position;
        }
    }
}
