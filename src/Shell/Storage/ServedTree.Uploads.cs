using System.Security.Cryptography;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Shell.Storage;

/// <content>Uploads.</content>
internal sealed partial class ServedTree
{
    private const int TokenBytes = 16;

    // Below this the disk is asked for room by the one write that fills it.
    private const long LeastPreallocated = 256 * 1024;

    /// <summary>Begins an upload, or goes on with one that broke off.</summary>
    /// <remarks>
    /// The token of an upload is what its partial file is called, and where it must lie follows from the path; so a token is good only for the
    /// path and size that it was given for, and nobody else can guess it. One that is unknown, by now or ever, begins anew with another token.
    /// Going on reads what is there, to prove it, before this returns.
    /// </remarks>
    /// <param name="put">What the client asks for.</param>
    /// <param name="sessionAlgorithm">How digests are computed where it does not say.</param>
    public StoreResult<Upload> BeginUpload(Message.Put put, HashAlgorithm sessionAlgorithm)
    {
        if (_readOnly)
            return new(StoreFailure.ReadOnly);
        var found = FindParent(put.Path);
        if (found.Value is not { } place)
            return new(found.Failure!);
        var root = Libc.Duplicate<FileDescriptor>(_root);
        if (!root.IsOk)
        {
            place.Directory.Dispose();
            return new(StoreFailure.Of(root.Error));
        }
        var algorithm = put.Algorithm ?? sessionAlgorithm;
        var target = new UploadTarget(place.Directory, place.Name, put, algorithm, new DigestStore(root.Descriptor, _readOnly));
        if (target.Check() is var refused and not Errno.None)
        {
            target.Dispose();
            return new(target.Refusal ?? StoreFailure.Of(refused));
        }
        var begun = Begin(put, place, target);
        if (begun.Value is null)
            target.Dispose();
        return begun;
    }

    private static StoreResult<Upload> Begin(Message.Put put, Place place, UploadTarget target)
    {
        var isResumed = IsKnown(put.ResumeToken, place);
        var token = isResumed ? put.ResumeToken.Span.ToArray() : RandomNumberGenerator.GetBytes(TokenBytes);
        var whole = isResumed ? new ContentDigest(target.Algorithm) : null;
        var (file, error) = PartialFile.Open(
            place.Directory, Convert.ToHexStringLower(token), new(SHA256.HashData(place.Name.Span)), put.Size, isPrivate: put.Mode is not null, whole);
        if (file is not null && put.Size >= LeastPreallocated)
            error = file.Preallocate();
        if (file is not null && error == Errno.None)
            return new(new Upload(file, target, new(token), whole));
        file?.Dispose();
        whole?.Dispose();
        return new(StoreFailure.Of(error));
    }

    private static bool IsKnown(Opaque token, Place place) =>
        token.Length == TokenBytes
        && Libc.StatusOf(place.Directory, PartialNames.Map(Convert.ToHexStringLower(token.Span)), out _) == Errno.None;
}
