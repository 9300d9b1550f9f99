using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using LanguageExt;

namespace Trainyard.Core.Hashing;

/// <summary>The state of a <see cref="ResumableXxh128"/> between two blocks; <c>default</c> is its beginning.</summary>
public readonly record struct Xxh128Checkpoint
{
    /// <summary>Bytes of an encoded checkpoint: the position and eight accumulators, little-endian.</summary>
    public const int Length = sizeof(long) + (LaneCount * sizeof(ulong));

    private const int LaneCount = 8;

    /// <summary>No file is that long, and nothing that comes behind it overflows.</summary>
    private const long MostBytes = 1L << 62;

    /// <summary>A state.</summary>
    /// <param name="position">Bytes taken in, a multiple of 1024 and not 0.</param>
    /// <param name="lanes">The accumulators behind them.</param>
    internal Xxh128Checkpoint(long position, Vector512<ulong> lanes)
    {
        Position = position;
        Lanes = lanes;
    }

    /// <summary>Where to go on, in bytes from the beginning: a multiple of 1024.</summary>
    public long Position { get; }

    /// <summary>The accumulators behind the bytes before <see cref="Position"/>; without meaning at the beginning.</summary>
    internal Vector512<ulong> Lanes { get; }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <returns>
    /// The checkpoint; none where the bytes are too few or the position is none. Accumulators may be any numbers, so guard the bytes by
    /// a checksum: from damaged ones comes a digest that compares equal to none.
    /// </returns>
    public static Option<Xxh128Checkpoint> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length)
            return default;
        var position = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (position is < 0 or > MostBytes || position % Xxh3Lanes.BlockLength != 0)
            return default;
        if (position == 0)
            return default(Xxh128Checkpoint);
        Span<ulong> lanes = stackalloc ulong[LaneCount];
        for (var lane = 0; lane < LaneCount; lane++)
            lanes[lane] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[((lane + 1) * sizeof(ulong))..]);
        return new Xxh128Checkpoint(position, Vector512.Create<ulong>(lanes));
    }

    /// <summary>Writes the checkpoint.</summary>
    /// <param name="destination">Exactly <see cref="Length"/> bytes.</param>
    /// <returns>Whether the destination is of that length; nothing is written otherwise.</returns>
    public bool Encode(Span<byte> destination)
    {
        if (destination.Length != Length)
            return false;
        BinaryPrimitives.WriteInt64LittleEndian(destination, Position);
        for (var lane = 0; lane < LaneCount; lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(destination[((lane + 1) * sizeof(ulong))..], Lanes[lane]);
        return true;
    }
}
