using System.IO.Hashing;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>A digest at rest: what it is the digest of, the digest, and a checksum of both (XXH3), since a crash may have torn it.</summary>
/// <remarks>
/// As an attribute it should find room in the inode itself: ext4 has 56 bytes there beside this name, in an inode of the usual 256 bytes. One that is longer
/// takes a block of the disk for each file, which costs more than the file's own bytes where those are few.
/// </remarks>
internal static class DigestRecord
{
    /// <summary>Bytes of what the digest is bound to.</summary>
    public const int BoundLength = 3 * sizeof(long);

    /// <summary>The longest record, in bytes.</summary>
    public const int LongestLength = 2 + BoundLength + HashAlgorithms.LongestDigest + ChecksumLength;

    private const byte Version = 2;
    private const int ChecksumLength = sizeof(ulong);
    private const int DigestOffset = 2 + BoundLength;

    /// <summary>Writes a record.</summary>
    /// <param name="algorithm">How the digest was computed.</param>
    /// <param name="bound">What it is bound to, <see cref="BoundLength"/> bytes.</param>
    /// <param name="digest">The digest.</param>
    public static byte[] Encode(HashAlgorithm algorithm, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> digest)
    {
        byte[] record = [Version, (byte)algorithm, .. bound, .. digest, .. stackalloc byte[ChecksumLength]];
        XxHash3.Hash(record.AsSpan(..^ChecksumLength), record.AsSpan(^ChecksumLength..));
        return record;
    }

    /// <summary>Reads a record.</summary>
    /// <param name="record">Any bytes.</param>
    /// <param name="algorithm">How the digest should have been computed.</param>
    /// <param name="bound">What it is bound to.</param>
    /// <param name="digest">The digest.</param>
    /// <returns>Whether the bytes are a whole record of that algorithm.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> record, HashAlgorithm algorithm, out ReadOnlySpan<byte> bound, out Opaque digest)
    {
        bound = [];
        digest = default;
        var length = HashAlgorithms.DigestLength(algorithm);
        if (length == 0 || record.Length != DigestOffset + length + ChecksumLength || record[0] != Version || record[1] != (byte)algorithm)
            return false;
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash3.Hash(record[..^ChecksumLength], checksum);
        if (!checksum.SequenceEqual(record[^ChecksumLength..]))
            return false;
        bound = record.Slice(2, BoundLength);
        digest = new(record.Slice(DigestOffset, length));
        return true;
    }
}
