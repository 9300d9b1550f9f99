using System.Buffers.Binary;
using LanguageExt;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Transfer;

/// <summary>The file beside a file on its way: a header, then a record for each block at a fixed place, so that one write marks one block.</summary>
/// <remarks>
/// All numbers little-endian. Header, 128 bytes: magic (8), version (4), block size (4), size of the file or -1 (8), length of the source (1), 15
/// zeros, the source padded with zeros (64), owner (8), 16 zeros. Record, 20 bytes: XXH128 of the block (16, big-endian), CRC-32C of the
/// block's number (8) and that digest (4). A record that was never written, or was torn by a crash, fails its checksum: the block is missing. The
/// owner is whoever may write at present; it is changed in place and decides nothing about the blocks.
/// </remarks>
public static class ResumeMapCodec
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 128;

    /// <summary>Bytes of a record.</summary>
    public const int RecordLength = ResumeMap.DigestLength + sizeof(uint);

    /// <summary>The longest file there is, in bytes.</summary>
    public const int MaximumLength = HeaderLength + (ResumeLayout.MaximumBlocks * RecordLength);

    /// <summary>Where the owner stands, in bytes from the beginning.</summary>
    public const int OwnerOffset = 104;

    private const uint Version = 1;
    private const int VersionOffset = 8;
    private const int BlockSizeOffset = 12;
    private const int SizeOffset = 16;
    private const int SourceLengthOffset = 24;
    private const int SourceOffset = 40;

    private static ReadOnlySpan<byte> Magic => "trainmap"u8;

    /// <summary>Where a block's record stands, in bytes from the beginning.</summary>
    public static int RecordOffset(int index) => HeaderLength + (index * RecordLength);

    /// <summary>Writes a header.</summary>
    /// <param name="layout">What the map is of.</param>
    /// <param name="owner">Who may write.</param>
    /// <param name="destination">Exactly <see cref="HeaderLength"/> bytes.</param>
    /// <returns>Whether the destination is of that length; nothing is written otherwise.</returns>
    public static bool EncodeHeader(ResumeLayout layout, ulong owner, Span<byte> destination)
    {
        if (destination.Length != HeaderLength)
            return false;
        destination.Clear();
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(destination[BlockSizeOffset..], layout.BlockSize);
        BinaryPrimitives.WriteInt64LittleEndian(destination[SizeOffset..], layout.Size ?? -1);
        destination[SourceLengthOffset] = (byte)layout.Source.Length;
        layout.Source.Span.CopyTo(destination[SourceOffset..OwnerOffset]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[OwnerOffset..], owner);
        return true;
    }

    /// <summary>Writes the record of a block.</summary>
    /// <param name="index">The block's number.</param>
    /// <param name="digest">Its XXH128, <see cref="ResumeMap.DigestLength"/> bytes.</param>
    /// <param name="destination">Exactly <see cref="RecordLength"/> bytes.</param>
    /// <returns>Whether both are of their lengths; nothing is written otherwise.</returns>
    public static bool EncodeRecord(int index, ReadOnlySpan<byte> digest, Span<byte> destination)
    {
        if (digest.Length != ResumeMap.DigestLength || destination.Length != RecordLength)
            return false;
        digest.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ResumeMap.DigestLength..], ChecksumOf(index, digest));
        return true;
    }

    /// <summary>Reads what a file claims. What it claims is proven only by the blocks themselves.</summary>
    /// <param name="file">The file from its beginning; what lies behind <see cref="MaximumLength"/> bytes is not looked at.</param>
    /// <param name="layout">What the map should be of.</param>
    /// <returns>The map; none where the header is torn, or of another layout or version.</returns>
    public static Option<ResumeMap> Decode(ReadOnlySpan<byte> file, ResumeLayout layout)
    {
        Span<byte> expected = stackalloc byte[HeaderLength];
        EncodeHeader(layout, 0, expected);
        if (file.Length < HeaderLength || !file[..OwnerOffset].SequenceEqual(expected[..OwnerOffset]))
            return default;
        var map = ResumeMap.Empty(layout);
        for (var index = 0; index < layout.BlockCount && RecordOffset(index + 1) <= file.Length; index++)
        {
            var record = file.Slice(RecordOffset(index), RecordLength);
            var digest = record[..ResumeMap.DigestLength];
            if (BinaryPrimitives.ReadUInt32LittleEndian(record[ResumeMap.DigestLength..]) == ChecksumOf(index, digest))
                map = map.With(index, new(digest));
        }
        return map;
    }

    /// <summary>Who may write, by a header.</summary>
    /// <returns>The owner; none where the bytes are no header.</returns>
    public static Option<ulong> DecodeOwner(ReadOnlySpan<byte> header) =>
        header.Length >= HeaderLength && header.StartsWith(Magic)
            ? BinaryPrimitives.ReadUInt64LittleEndian(header[OwnerOffset..])
            : default(Option<ulong>);

    private static uint ChecksumOf(int index, ReadOnlySpan<byte> digest)
    {
        Span<byte> covered = stackalloc byte[sizeof(long) + ResumeMap.DigestLength];
        BinaryPrimitives.WriteInt64LittleEndian(covered, index);
        digest.CopyTo(covered[sizeof(long)..]);
        return Checksum.Of(covered);
    }
}
