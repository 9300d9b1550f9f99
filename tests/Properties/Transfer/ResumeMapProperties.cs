using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Xunit;

namespace Trainyard.Properties.Transfer;

/// <summary>A map of a file on its way: what it counts as there, and what it makes of any bytes.</summary>
[Properties(Arbitrary = [typeof(ResumeMapProperties)], MaxTest = 300)]
public class ResumeMapProperties
{
    private const int Block = ResumeLayout.SmallestBlock;

    /// <summary>A layout of a few blocks or of very many, its last one possibly short, or of unknown size.</summary>
    public static Arbitrary<ResumeLayout> Layouts() => Gen.Frequency(
        (6, from blocks in Gen.Choose(0, 12) from rest in Gen.Elements(0, 1, Block - 1) select (long?)((blocks * (long)Block) + rest)),
        (1, Gen.Constant((long?)null)),
        (1, Gen.Elements<long?>(65_535L * Block, (65_535L * Block) + 1, 1L << 46, long.MaxValue)))
        .SelectMany(size => Gen.Choose(0, 64).Select(length => Layout(size, length))).ToArbitrary();

    [Property]
    public void Blocks_cover_the_file_without_gap_or_overlap(ResumeLayout layout)
    {
        Assert.InRange(layout.BlockCount, 0, ResumeLayout.MaximumBlocks);
        for (var index = 0; index < Math.Min(layout.BlockCount, 50); index++)
        {
            Assert.Equal(layout.OffsetOf(index) + layout.LengthOf(index), layout.OffsetOf(index + 1));
            Assert.InRange(layout.LengthOf(index), 1, layout.BlockSize);
        }
        if (layout.BlockCount < ResumeLayout.MaximumBlocks)
            Assert.Equal(layout.Size, layout.OffsetOf(layout.BlockCount));
    }

    [Property]
    public void Prefix_and_gaps_are_what_the_blocks_leave(ResumeLayout layout, (int Index, bool Taken)[] steps)
    {
        var (map, there) = After(layout, steps);
        var prefix = 0;
        while (there.Contains(prefix))
            prefix++;
        Assert.Equal(layout.OffsetOf(prefix), map.Prefix);
        Assert.Equal(there.Count == 0 ? 0 : layout.OffsetOf(there.Max() + 1), map.End);
        Assert.Equal(there, map.Blocks.Keys.Select(static index => (int)index).ToHashSet());

        var missing = map.Missing();
        var last = -1L;
        foreach (var range in missing)
        {
            Assert.True(range.Offset > last && range.Length is null or > 0);
            last = range.Length is { } length ? range.Offset + length : long.MaxValue;
        }
        // Each of the first blocks lies in exactly one of: the map, the gaps.
        for (var index = 0; index < Math.Min(layout.BlockCount, 40); index++)
        {
            var (from, to) = (layout.OffsetOf(index), layout.OffsetOf(index + 1));
            var covered = missing.Any(range => range.Offset <= from && (range.Length is not { } length || to <= range.Offset + length));
            Assert.NotEqual(covered, map.Holds(index));
        }
        if (layout.Size is { } size && layout.BlockCount < ResumeLayout.MaximumBlocks)
            Assert.Equal(size, missing.Sum(static range => range.Length ?? 0) + there.Sum(index => (long)layout.LengthOf(index)));
    }

    [Property]
    public void A_map_comes_back_as_it_was_written(ResumeLayout layout, (int Index, bool Taken)[] steps, ulong owner)
    {
        var (map, _) = After(layout, steps);
        var file = Write(map, owner);
        var read = ResumeMapCodec.Decode(file, layout).IfNone(static () => throw new InvalidOperationException());
        Assert.Equal(Digests(map), Digests(read));
        Assert.Equal(map.Prefix, read.Prefix);
        Assert.Equal(owner, ResumeMapCodec.DecodeOwner(file).IfNone(0));
    }

    [Property]
    public void A_changed_byte_loses_a_block_or_the_map_and_invents_nothing(ResumeLayout layout, (int Index, bool Taken)[] steps, int at, byte flip)
    {
        var (map, _) = After(layout, steps);
        var file = Write(map, 1);
        file[(at & int.MaxValue) % file.Length] ^= (byte)(flip | 1);
        var left = ResumeMapCodec.Decode(file, layout).Match(Digests, static () => []);
        Assert.Empty(left.Except(Digests(map)));
    }

    [Property]
    public void Another_source_size_or_a_cut_header_is_no_map(ResumeLayout layout, ResumeLayout other, int cut)
    {
        var file = Write(ResumeMap.Empty(layout), 1);
        Assert.Equal(layout == other, ResumeMapCodec.Decode(file, other).IsSome);
        Assert.True(ResumeMapCodec.Decode(file.AsSpan(0, (cut & int.MaxValue) % file.Length), layout).IsNone);
    }

    [Property]
    public void Any_bytes_are_read_without_a_throw(ResumeLayout layout, byte[] noise, bool withHeader)
    {
        byte[] file = withHeader ? [.. Write(ResumeMap.Empty(layout), 0), .. noise, .. noise, .. noise] : noise;
        Assert.Equal(withHeader, ResumeMapCodec.Decode(file, layout).IsSome);
        Assert.Equal(withHeader, ResumeMapCodec.DecodeOwner(file).IsSome);
    }

    [Fact]
    public void A_map_is_never_longer_than_it_may_be()
    {
        var layout = Layout(long.MaxValue, 64);
        Assert.Equal((ResumeLayout.MaximumBlocks, ResumeLayout.LargestBlock), (layout.BlockCount, layout.BlockSize));
        Assert.Equal(ResumeMapCodec.MaximumLength, ResumeMapCodec.RecordOffset(layout.BlockCount));
        Assert.Equal(ResumeLayout.SmallestBlock * 2, Layout((65_535L * Block) + 1, 0).BlockSize);
    }

    [Fact]
    public void What_cannot_be_a_layout_is_none()
    {
        Assert.True(ResumeLayout.Create(-1, default).IsNone);
        Assert.True(ResumeLayout.Create(0, new(new byte[65])).IsNone);
    }

    private static ResumeLayout Layout(long? size, int sourceLength) =>
        ResumeLayout.Create(size, new(Enumerable.Repeat((byte)7, sourceLength).ToArray())).IfNone(static () => throw new InvalidOperationException());

    private static (ResumeMap Map, System.Collections.Generic.HashSet<int> There) After(ResumeLayout layout, (int Index, bool Taken)[] steps)
    {
        var (map, there) = (ResumeMap.Empty(layout), new System.Collections.Generic.HashSet<int>());
        foreach (var (wild, taken) in steps)
        {
            var index = wild % 14;
            map = taken ? map.Without(index) : map.With(index, Digest(index));
            if (taken)
                there.Remove(index);
            else if (index >= 0 && index < layout.BlockCount)
                there.Add(index);
        }
        return (map, there);
    }

    private static byte[] Write(ResumeMap map, ulong owner)
    {
        var file = new byte[ResumeMapCodec.RecordOffset(map.Blocks.IsEmpty ? 0 : (int)map.Blocks.Keys.Max() + 1)];
        Assert.True(ResumeMapCodec.EncodeHeader(map.Layout, owner, file.AsSpan(0, ResumeMapCodec.HeaderLength)));
        foreach (var (index, digest) in map.Blocks)
            Assert.True(ResumeMapCodec.EncodeRecord(
                (int)index, digest.Span, file.AsSpan(ResumeMapCodec.RecordOffset((int)index), ResumeMapCodec.RecordLength)));
        return file;
    }

    private static Opaque Digest(int index) => new(Enumerable.Range(0, 16).Select(i => (byte)(index + i)).ToArray());

    private static List<string> Digests(ResumeMap map) =>
        [.. map.Blocks.Select(static block => $"{block.Key}:{Convert.ToHexString(block.Value.Span)}")];
}
