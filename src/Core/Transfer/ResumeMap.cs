using LanguageExt;
using LanguageExt.ClassInstances;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Transfer;

/// <summary>Which blocks of a file on its way are there, each with the digest that proves it. A value.</summary>
public sealed record ResumeMap
{
    /// <summary>Bytes of a block's digest (XXH128).</summary>
    public const int DigestLength = 16;

    private readonly int _leading;

    private ResumeMap(ResumeLayout layout, Map<OrdLong, long, Opaque> blocks, int leading)
    {
        Layout = layout;
        Blocks = blocks;
        _leading = leading;
    }

    /// <summary>How the file is cut.</summary>
    public ResumeLayout Layout { get; }

    /// <summary>The digests of the blocks that are there, by number.</summary>
    public Map<OrdLong, long, Opaque> Blocks { get; }

    /// <summary>How many bytes from the file's beginning on are there without a gap.</summary>
    public long Prefix => Layout.OffsetOf(_leading);

    /// <summary>Where the last block that is there ends, in bytes; 0 where none is.</summary>
    public long End => Blocks.IsEmpty ? 0 : Layout.OffsetOf((int)Blocks.Keys.Last() + 1);

    /// <summary>A map without any block.</summary>
    public static ResumeMap Empty(ResumeLayout layout) => new(layout, default, 0);

    /// <summary>Whether a block is there.</summary>
    public bool Holds(int index) => Blocks.ContainsKey(index);

    /// <summary>The map with one block more, or with another digest of it.</summary>
    /// <returns>As it was, for a number that is none of the layout's or a digest of another length.</returns>
    public ResumeMap With(int index, Opaque digest)
    {
        if (index < 0 || index >= Layout.BlockCount || digest.Length != DigestLength)
            return this;
        var blocks = Blocks.AddOrUpdate(index, digest);
        var leading = _leading;
        while (leading < Layout.BlockCount && blocks.ContainsKey(leading))
            leading++;
        return new(Layout, blocks, leading);
    }

    /// <summary>The map without a block: it was damaged, or is to be written anew.</summary>
    public ResumeMap Without(int index) => new(Layout, Blocks.Remove(index), index >= 0 ? Math.Min(_leading, index) : _leading);

    /// <summary>The ranges that are not there, in order, none empty and no two adjacent; the last one without a length where the size is unknown.</summary>
    public Arr<FileRange> Missing()
    {
        var ranges = new List<FileRange>();
        var from = Prefix;
        for (var index = _leading; index < Layout.BlockCount && Blocks.Count > _leading; index++)
        {
            if (!Holds(index))
                continue;
            if (from < Layout.OffsetOf(index))
                ranges.Add(new(from, Layout.OffsetOf(index) - from));
            from = Layout.OffsetOf(index + 1);
        }
        if (Layout.Size is null || from < Layout.Size)
            ranges.Add(new(from, Layout.Size - from));
        return new(ranges.ToArray());
    }
}
