using System.Security.Cryptography;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Shell.Storage;

/// <content>Uploads that another process has begun.</content>
internal sealed partial class ServedTree
{
    /// <summary>Finds what there is of an upload whose process is gone. May take long. Thread-safe.</summary>
    /// <param name="upload">What was journalled of it.</param>
    /// <param name="sessionAlgorithm">How digests are computed where the request does not say.</param>
    public RestoredUpload RestoreUpload(JournalIntake.Upload upload, HashAlgorithm sessionAlgorithm)
    {
        var put = upload.Request;
        // A small one has no name until it is whole, and dies with its worker.
        if (upload.Token.IsEmpty)
            return new(UploadFound.Nothing);
        var algorithm = put.Algorithm ?? sessionAlgorithm;
        var found = FindParent(put.Path);
        if (found.Value is not { } place)
            return new(UploadFound.Nothing, Failure: found.Failure);
        var key = Convert.ToHexStringLower(upload.Token.Span);
        if (PartialFile.Reopen(place.Directory, key, new(SHA256.HashData(place.Name.Span)), put.Size, upload.Stored) is { } file)
            return Restore(upload, place, algorithm, file);
        using (place.Directory)
        {
            if (CommittedOf(upload, algorithm) is not { } committed)
                return new(UploadFound.Nothing);
            var error = PartialFile.Conclude(place.Directory, key);
            return error == Errno.None ? new(UploadFound.Named, Committed: committed) : new(UploadFound.Nothing, Failure: StoreFailure.Of(error));
        }
    }

    /// <summary>Finds what became of a small upload whose process died while its file got the name. May take long. Thread-safe.</summary>
    /// <param name="commit">What was journalled of it.</param>
    /// <returns>What is to be said where that file has the name, durably now; else <c>null</c>.</returns>
    public Message.Committed? FindCommitted(JournalAnswer.Commit commit)
    {
        var found = FindParent(commit.Path);
        if (found.Value is not { } place)
            return null;
        using (place.Directory)
            return Named(commit.Path, commit.Stored, commit.Size, commit.Algorithm, 0, commit.Digest) is { } committed
                && PartialFile.SynchronizeNames(place.Directory) == Errno.None ? committed : null;
    }

    private RestoredUpload Restore(JournalIntake.Upload upload, Place place, HashAlgorithm algorithm, PartialFile file)
    {
        var root = Libc.Duplicate<FileDescriptor>(_root);
        if (!root.IsOk)
        {
            place.Directory.Dispose();
            file.Keep();
            return new(UploadFound.Nothing, Failure: StoreFailure.Of(root.Error));
        }
        var target = new UploadTarget(place.Directory, place.Name, upload.Request, algorithm, new DigestStore(root.Descriptor, _readOnly));
        file.IsDurable = true;
        var end = upload.Offset + upload.Received;
        var stream = DigestOf(file.Descriptor, algorithm, upload.Stream, upload.Offset, end);
        var whole = upload.Offset == 0 ? null : DigestOf(file.Descriptor, algorithm, upload.Whole, 0, end);
        if (file.WriterBehind(end) is { } writer && stream is not null && (whole is not null || upload.Offset == 0))
            return new(UploadFound.Partial, new Upload(file, target, upload.Token, upload.Offset, writer, stream, whole));
        stream?.Dispose();
        whole?.Dispose();
        target.Dispose();
        file.Keep();
        return new(UploadFound.Nothing);
    }

    /// <summary>The digest of a part of a file, behind what was saved of it.</summary>
    /// <returns><c>null</c> where the file is not what it was.</returns>
    private static ContentDigest? DigestOf(FileDescriptor file, HashAlgorithm algorithm, Opaque saved, long from, long end)
    {
        var digest = ContentDigest.Restore(algorithm, saved, out var position);
        var buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
        for (var at = from + position; at < end;)
        {
            var read = Libc.ReadAt(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
            if (!read.IsOk || read.Count == 0)
            {
                digest.Dispose();
                return null;
            }
            digest.Append(buffer.AsSpan(0, (int)read.Count));
            at += read.Count;
        }
        return digest;
    }

    private Message.Committed? CommittedOf(JournalIntake.Upload upload, HashAlgorithm algorithm) =>
        upload.Fin is var (total, sent) ? Named(upload.Request.Path, upload.Stored, upload.Offset + total, algorithm, upload.Offset, sent) : null;

    /// <summary>What is to be said of a file that has its name: the one that the journal means, with the bytes that the client says it has sent.</summary>
    private Message.Committed? Named(RemotePath path, Opaque stored, long size, HashAlgorithm algorithm, long offset, Opaque sent)
    {
        if (OpenFile(path, default).Value is not { } file)
            return null;
        using (file)
        {
            if (file.Size != size || PartialFile.StoredOf(Libc.Status(file.Descriptor)) != stored)
                return null;
            if ((file.StoredDigest(algorithm) ?? Computed(0)) is not { } whole)
                return null;
            // The number of a file without a name is free as soon as its worker is dead: another one may have got it since.
            return (offset == 0 ? whole : Computed(offset)) == sent ? new(file.Identity, whole) : null;
        }

        Opaque? Computed(long from)
        {
            using var digest = DigestOf(file.Descriptor, algorithm, default, from, file.Size);
            return digest?.Finish();
        }
    }
}
