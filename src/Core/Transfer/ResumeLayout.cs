using LanguageExt;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Transfer;

/// <summary>How a file on its way is cut into blocks, each of which can be proven by itself.</summary>
/// <remarks>
/// A block is <see cref="SmallestBlock"/> bytes, doubled until a file of known size has at most <see cref="MaximumBlocks"/> of them or a block is
/// <see cref="LargestBlock"/> bytes. Blocks behind the last one of those are never proven: they come anew after a break. So does the end of a
/// file of unknown size that fills no block.
/// </remarks>
public sealed record ResumeLayout
{
    /// <summary>Bytes of a block of all but very large files: 4 MiB.</summary>
    public const int SmallestBlock = 4 << 20;

    /// <summary>Bytes of the largest block: 1 GiB.</summary>
    public const int LargestBlock = 1 << 30;

    /// <summary>The most blocks that can be proven.</summary>
    public const int MaximumBlocks = ushort.MaxValue;

    /// <summary>The longest source, in bytes.</summary>
    public const int MaximumSource = 64;

    private ResumeLayout(long? size, Opaque source)
    {
        Size = size;
        Source = source;
        BlockSize = BlockSizeOf(size ?? 0);
    }

    /// <summary>The whole file's size, in bytes; <c>null</c> while unknown.</summary>
    public long? Size { get; }

    /// <summary>What the bytes are of: only bytes of the same source are put together.</summary>
    public Opaque Source { get; }

    /// <summary>Bytes of each block but the file's last, which has the rest.</summary>
    public int BlockSize { get; }

    /// <summary>How many blocks can be proven, <c>0 ..= <see cref="MaximumBlocks"/></c>.</summary>
    public int BlockCount => Size is { } size ? (int)Math.Min(MaximumBlocks, Blocks(size, BlockSize)) : MaximumBlocks;

    /// <summary>Cuts a file into blocks.</summary>
    /// <returns>The layout; none for a negative size or a source longer than <see cref="MaximumSource"/>.</returns>
    public static Option<ResumeLayout> Create(long? size, Opaque source) =>
        size < 0 || source.Length > MaximumSource ? default(Option<ResumeLayout>) : new ResumeLayout(size, source);

    /// <summary>Where a block begins, in bytes.</summary>
    /// <param name="index">The block's number, <c>0 ..= <see cref="BlockCount"/></c>.</param>
    public long OffsetOf(int index) => Size is { } size ? Math.Min(size, (long)index * BlockSize) : (long)index * BlockSize;

    /// <summary>Bytes of a block.</summary>
    /// <param name="index">Its number, <c>0 .. <see cref="BlockCount"/></c>.</param>
    public int LengthOf(int index) => (int)(OffsetOf(index + 1) - OffsetOf(index));

    private static int BlockSizeOf(long size)
    {
        var block = SmallestBlock;
        while (block < LargestBlock && Blocks(size, block) > MaximumBlocks)
            block *= 2;
        return block;
    }

    private static long Blocks(long size, int block) => (size / block) + (size % block == 0 ? 0 : 1);
}
