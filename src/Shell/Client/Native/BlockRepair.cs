using System.IO.Hashing;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>Finds the blocks of a file that are not those of the server, by their digests.</summary>
internal static class BlockRepair
{
    // Of digests of 16 bytes so many fit the limit of a control train with room to spare.
    private const int BlocksAtOnce = 2048;

    /// <summary>Compares all blocks.</summary>
    /// <returns>The ranges that differ, in order.</returns>
    /// <exception cref="TransferException">The server does not answer, or its file has changed.</exception>
    public static List<FileRange> Differing(Attempts attempts, TrainPath path, IncomingParts parts)
    {
        var size = parts.Meta.Size;
        var stretch = (long)BlocksAtOnce * parts.BlockSize;
        var stretches = new List<FileRange>();
        for (long from = 0; from < size; from += stretch)
            stretches.Add(new(from, Math.Min(stretch, size - from)));
        var differing = new List<FileRange>();
        var buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
        Pipeline.Run(
            attempts,
            stretches,
            range => new Message.Hash(path.Remote!, range, HashAlgorithm.Xxh128, parts.BlockSize, parts.Meta.Identity),
            (range, answer) => Compare(parts, range, ((Message.HashAnswer)answer).Blocks.Span, buffer, differing),
            (_, failure) => throw NativeFailure.Of(path.Display, failure));
        return differing;
    }

    private static void Compare(IncomingParts parts, FileRange range, ReadOnlySpan<byte> theirs, byte[] buffer, List<FileRange> differing)
    {
        const int Length = 16;
        var hash = new XxHash128();
        Span<byte> mine = stackalloc byte[Length];
        var end = range.Offset + range.Length!.Value;
        for (var from = range.Offset; from < end; from += parts.BlockSize)
        {
            var length = Math.Min(parts.BlockSize, end - from);
            for (long at = 0; at < length;)
            {
                var count = parts.Read(from + at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)));
                if (count == 0)
                    break;
                hash.Append(buffer.AsSpan(0, count));
                at += count;
            }
            hash.GetHashAndReset(mine);
            if (theirs.Length < Length || !mine.SequenceEqual(theirs[..Length]))
                differing.Add(new(from, length));
            theirs = theirs[Math.Min(Length, theirs.Length)..];
        }
    }
}
