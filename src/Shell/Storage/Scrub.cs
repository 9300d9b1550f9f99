using System.Buffers;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Reads every file of a tree that has a digest at rest, and says whether it still is what it was.</summary>
internal static class Scrub
{
    private const int BytesAtOnce = 256 * 1024;
    private const int EntriesBytes = 256 * 1024;

    private static readonly HashAlgorithm[] Algorithms = [HashAlgorithm.Xxh128, HashAlgorithm.Sha256, HashAlgorithm.Md5];

    /// <summary>Walks the tree. Links are not followed. Digests of files that are not there any more are forgotten.</summary>
    /// <param name="root">The tree's root.</param>
    /// <param name="readOnly">Whether nothing may be forgotten.</param>
    /// <param name="report">Called for each digest at rest, in the order of the paths.</param>
    /// <param name="cancellation">Ends the walk early.</param>
    /// <returns><c>null</c>; or why the root, or a directory on the way, cannot be read.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static Failure? Run(
        FileDescriptor root, bool readOnly, Action<RemotePath, HashAlgorithm, ScrubVerdict> report, CancellationToken cancellation)
    {
        var duplicate = Libc.Duplicate<FileDescriptor>(root);
        if (!duplicate.IsOk)
            return StoreFailure.Of(duplicate.Error);
        using var digests = new DigestStore(duplicate.Descriptor, readOnly);
        using var listing = new Listing(root, path: null, recursive: true, after: null);
        var seen = new HashSet<string>();
        while (!listing.IsEnd)
        {
            var batch = listing.Next(EntriesBytes);
            if (batch.Failure is { } lost)
                return lost;
            foreach (var entry in batch.Value)
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry is { Kind: EntryKind.File, Path: { } path })
                    Check(root, path, digests, seen, report, cancellation);
            }
        }
        if (!readOnly)
            digests.Forget(seen);
        return null;
    }

    private static void Check(
        FileDescriptor root, RemotePath path, DigestStore digests, HashSet<string> seen, Action<RemotePath, HashAlgorithm, ScrubVerdict> report,
        CancellationToken cancellation)
    {
        var opened = OpenBeneath.Open(root, path.Span, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (!opened.IsOk)
            return;
        using var file = opened.Descriptor;
        var status = Libc.Status(file);
        if (status.Type != FileType.Regular)
            return;
        if (status.Size >= DigestStore.LeastBeside)
            seen.Add(DigestStore.StemBeside(status));
        foreach (var algorithm in Algorithms)
            if (digests.Read(file, status, algorithm) is { } atRest)
                report(path, algorithm, atRest.IsBelieved ? Compare(file, status, algorithm, atRest.Digest, cancellation) : ScrubVerdict.ChangedSince);
    }

    private static ScrubVerdict Compare(
        FileDescriptor file, FileStatus status, HashAlgorithm algorithm, Opaque expected, CancellationToken cancellation)
    {
        using var digest = new ContentDigest(algorithm);
        var buffer = ArrayPool<byte>.Shared.Rent(BytesAtOnce);
        try
        {
            for (var at = 0L; ;)
            {
                cancellation.ThrowIfCancellationRequested();
                var read = Libc.ReadAt(file, buffer, at);
                if (!read.IsOk)
                    return ScrubVerdict.Unreadable;
                if (read.Count == 0)
                    break;
                digest.Append(buffer.AsSpan(0, (int)read.Count));
                at += read.Count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        // Whoever changes the file while it is read is not the disk.
        return Libc.Status(file) != status ? ScrubVerdict.ChangedSince
            : digest.Finish() == expected ? ScrubVerdict.Ok
            : ScrubVerdict.Damaged;
    }
}
