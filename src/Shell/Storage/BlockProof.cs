using System.Buffers;
using System.IO.Hashing;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Reads the blocks that a map claims to be there, and leaves only those that are.</summary>
internal static class BlockProof
{
    private const int BytesAtOnce = 256 * 1024;

    /// <summary>Checks every block.</summary>
    /// <param name="part">The file.</param>
    /// <param name="claimed">What its map claims.</param>
    /// <param name="prefix">
    /// Takes the bytes of the proven prefix in passing, so that a digest of the whole file can go on behind it; <c>null</c> where there is none.
    /// </param>
    /// <returns>The blocks that hold what was written to them. One that cannot be read is missing.</returns>
    public static ResumeMap Check(FileDescriptor part, ResumeMap claimed, ContentDigest? prefix)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BytesAtOnce);
        try
        {
            var proven = claimed;
            var (next, isWhole) = (0, true);
            foreach (var (index, digest) in claimed.Blocks)
            {
                var isNext = isWhole && index == next;
                var holds = Holds(part, claimed.Layout, (int)index, digest.Span, buffer, isNext ? prefix : null);
                if (!holds)
                    proven = proven.Without((int)index);
                isWhole = isNext && holds;
                next++;
                if (isNext && !holds && prefix is not null)
                    Repeat(part, proven.Prefix, buffer, prefix);
            }
            return proven;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Holds(
        FileDescriptor part, ResumeLayout layout, int index, ReadOnlySpan<byte> digest, byte[] buffer, ContentDigest? prefix)
    {
        var hash = new XxHash128();
        for (var (at, end) = (layout.OffsetOf(index), layout.OffsetOf(index) + layout.LengthOf(index)); at < end;)
        {
            var read = Libc.ReadAt(part, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
            if (!read.IsOk || read.Count == 0)
                return false;
            var bytes = buffer.AsSpan(0, (int)read.Count);
            hash.Append(bytes);
            prefix?.Append(bytes);
            at += read.Count;
        }
        Span<byte> actual = stackalloc byte[ResumeMap.DigestLength];
        hash.GetHashAndReset(actual);
        return digest.SequenceEqual(actual);
    }

    /// <summary>The digest has swallowed a damaged block: once more up to it.</summary>
    private static void Repeat(FileDescriptor part, long length, byte[] buffer, ContentDigest prefix)
    {
        _ = prefix.Finish();
        for (var at = 0L; at < length;)
        {
            var read = Libc.ReadAt(part, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            // What was read a moment ago: should it fail now, the digest is another one, and the file will not be taken.
            if (!read.IsOk || read.Count == 0)
                return;
            prefix.Append(buffer.AsSpan(0, (int)read.Count));
            at += read.Count;
        }
    }
}
