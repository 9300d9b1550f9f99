using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol;

[Properties(Arbitrary = [typeof(Messages), typeof(ResponsesArbitrary)], MaxTest = 300)]
public class ResponseLayoutProperties
{
    [Property]
    public void From_any_position_on_the_parts_are_the_rest_of_the_response(Response response, PositiveInt piece)
    {
        var (layout, wire) = (response.Layout, response.Reference());
        Assert.Equal((wire.Length, wire.Length - response.Digest.Length - Checksum.Size), (layout.Length, layout.DigestAt));
        for (var from = 0; from <= wire.Length; from++)
            Assert.Equal(wire[from..], response.Read(from, 1 + piece.Get % 40));
    }

    [Property]
    public void A_part_begins_where_it_is_asked_for_and_ends_where_another_origin_begins(Response response)
    {
        var layout = response.Layout;
        for (var from = 0L; from < layout.Length; from++)
        {
            var part = layout.PartAt(from);
            var next = layout.PartAt(from + part.Length);
            Assert.Equal(from, part.Position);
            Assert.True(part.Length > 0);
            Assert.True(next.Kind != part.Kind || next.Position == layout.FinAt || next.Position == layout.Length, $"{part} then {next}");
        }
    }

    [Property]
    public void Positions_and_file_offsets_count_the_same_bytes(Response response)
    {
        var layout = response.Layout;
        for (var sent = 0L; sent < layout.FileBytes; sent++)
        {
            var position = layout.PositionOf(layout.Offset + sent);
            var part = layout.PartAt(position);
            Assert.Equal((ResponsePartKind.File, position, layout.Offset + sent), (part.Kind, part.Position, part.Offset));
            Assert.Equal((sent, sent + 1), (layout.FileBytesBefore(position), layout.FileBytesBefore(position + 1)));
        }
        Assert.Equal(layout.FinAt, layout.PositionOf(layout.Offset + layout.FileBytes));
        Assert.Equal(layout.FileBytes, layout.FileBytesBefore(layout.FinAt));
    }

    [Property]
    public void The_boundaries_are_the_beginnings_of_trains(Response response)
    {
        var (layout, wire) = (response.Layout, response.Reference());
        SortedSet<long> begins = [wire.Length];
        for (var at = 0; at < wire.Length; at += TrainHeader.FromWord(BinaryPrimitives.ReadUInt32LittleEndian(wire.AsSpan(at))).TotalLength)
            begins.Add(at);
        for (var from = 0L; from <= layout.Length; from++)
            Assert.Equal(begins.First(begin => begin >= from), layout.BoundaryFrom(from));
    }

    [Property]
    public void Outside_positions_count_as_the_nearer_end(Response response, PositiveInt beyond)
    {
        var layout = response.Layout;
        Assert.Equal(layout.PartAt(0), layout.PartAt(-beyond.Get));
        Assert.Equal(layout.PartAt(layout.Length), layout.PartAt(long.MaxValue));
        Assert.Equal((layout.Length, 0L), (layout.PartAt(layout.Length + beyond.Get).Position, layout.PartAt(long.MaxValue).Length));
        Assert.Equal((0L, layout.FileBytes), (layout.FileBytesBefore(long.MinValue), layout.FileBytesBefore(long.MaxValue)));
        Assert.Equal((0L, layout.Length), (layout.BoundaryFrom(long.MinValue), layout.BoundaryFrom(long.MaxValue)));
        Assert.Equal((layout.PositionOf(0), layout.FinAt), (layout.PositionOf(long.MinValue), layout.PositionOf(long.MaxValue)));
        Assert.Equal(0, layout.CopyLiteral(layout.Length, new byte[8]));
    }

    [Property]
    public void Equal_by_range_and_description(Response response, Response other)
    {
        Assert.Equal(response.Layout, response.Again());
        Assert.Equal(response.Layout.GetHashCode(), response.Again().GetHashCode());
        Assert.Equal(response.Reference().SequenceEqual(other.Reference()), response.Layout == other.Layout && response.Content.SequenceEqual(other.Content));
    }

    [Property(MaxTest = 1000)]
    public void Any_size_is_laid_out_without_overflow_or_refused(Message.Meta meta, bool whole, NonNegativeInt offset, NonNegativeInt length)
    {
        var range = whole ? default : new FileRange(offset.Get, length.Get);
        var created = ResponseLayout.Create(range, meta);
        created.IfLeft(error => Assert.True(error is ResponseLayoutError.TooLarge ? meta.Size > long.MaxValue / 5 : offset.Get > meta.Size, $"{error}"));
        created.IfRight(static layout =>
        {
            Assert.True(layout.Length > layout.FinAt && layout.FinAt > layout.FileBytes);
            Assert.Equal(layout.FileBytes, layout.FileBytesBefore(layout.FinAt));
            foreach (var sent in new[] { 0, 1, layout.FileBytes / 2, layout.FileBytes - 1 }.Where(n => n >= 0 && n < layout.FileBytes))
            {
                var position = layout.PositionOf(layout.Offset + sent);
                Assert.Equal(sent, layout.FileBytesBefore(position));
                Assert.Equal(layout.Offset + sent, layout.PartAt(position).Offset);
                Assert.InRange(layout.BoundaryFrom(position), position, layout.FinAt);
            }
        });
    }

    [Fact]
    public void What_has_no_response_is_refused_by_type()
    {
        var meta = new Message.Meta(10, 0, 0, new("i"u8), 4, HashAlgorithm.Md5);
        Assert.Equal(new ResponseLayoutError.RangeOutside(11, 10), ResponseLayout.Create(new(11, null), meta).Case);
        Assert.Equal(new ResponseLayoutError.RangeOutside(-1, 10), ResponseLayout.Create(new(-1, null), meta).Case);
        Assert.Equal(new ResponseLayoutError.RangeOutside(0, 10), ResponseLayout.Create(new(0, -1), meta).Case);
        Assert.Equal(new ResponseLayoutError.TooLarge(long.MaxValue), ResponseLayout.Create(default, meta with { Size = long.MaxValue }).Case);
        Assert.IsType<ResponseLayoutError.BadMeta>(ResponseLayout.Create(default, meta with { TrainSize = 0 }).Case);
        Assert.IsType<ResponseLayoutError.BadMeta>(ResponseLayout.Create(default, meta with { Algorithm = default }).Case);
        Assert.IsType<ResponseLayout>(ResponseLayout.Create(default, meta with { Size = long.MaxValue - (1L << 41), TrainSize = TrainHeader.MaximumLength }).Case);
    }
}
