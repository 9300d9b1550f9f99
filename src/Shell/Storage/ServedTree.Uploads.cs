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
    /// <param name="token">
    /// The token of an upload that begins anew (<see cref="NewToken"/>). What is there under it already was made for the same upload by a process that died before it
    /// could say so, and goes.
    /// </param>
    public StoreResult<Upload> BeginUpload(Message.Put put, HashAlgorithm sessionAlgorithm, Opaque token)
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
        var begun = Begin(put, place, target, token);
        if (begun.Value is null)
            target.Dispose();
        return begun;
    }

    /// <summary>A token that nobody can guess.</summary>
    public static Opaque NewToken() => new(Libc.Random(TokenBytes));

    /// <summary>Whether an upload is one for <see cref="BeginSmallUpload"/>.</summary>
    public static bool IsSmall(Message request) =>
        request is Message.Put { Eager: true, Size: <= SmallUpload.Most, ResumeToken.IsEmpty: true };

    /// <summary>Begins an upload that is small and comes with its request.</summary>
    /// <param name="put">What the client asks for.</param>
    /// <param name="sessionAlgorithm">How digests are computed where it does not say.</param>
    /// <param name="parent">Keeps the directory for the next one.</param>
    /// <returns>The upload; nothing and no failure where the file system has no files without a name, and <see cref="BeginUpload"/> can do it.</returns>
    public StoreResult<SmallUpload?> BeginSmallUpload(Message.Put put, HashAlgorithm sessionAlgorithm, UploadParent parent)
    {
        if (_readOnly)
            return new(StoreFailure.ReadOnly);
        if (HiddenNames.IsIn(put.Path))
            return new(StoreFailure.Hidden);
        var (directory, error) = parent.Open(_root, put.Path);
        if (directory is null)
            return new(StoreFailure.Of(error));
        var name = put.Path.Span[(put.Path.Span.LastIndexOf((byte)'/') + 1)..].ToArray();
        var failure = (Failure?)null;
        // Else all is looked at in the last moment: the bytes are here already.
        if (put.NoClobber || !put.IfIdentity.IsEmpty)
            failure = UploadTarget.Check(directory.Descriptor, name, put, out var refusal) is var refused and not Errno.None ? refusal ?? StoreFailure.Of(refused) : null;
        // Nobody can open it before it has its name, and with that its final permissions: unlike what has a hidden name it may have them from the beginning.
        var mode = put.Mode is { } asked ? (uint)(asked & UploadTarget.PermissionBits) : Permissions.NewFile;
        var made = failure is null ? Libc.Open(directory.Descriptor, "."u8, OpenFlags.Temporary | OpenFlags.ReadWrite, mode) : default;
        if (made.IsOk)
            return new(new SmallUpload(directory, name, made.Descriptor, put, put.Algorithm ?? sessionAlgorithm));
        directory.Dispose();
        return failure is null ? new((SmallUpload?)null) : new(failure);
    }

    /// <summary>Commits small uploads, for all who use this tree.</summary>
    public CommitQueue Commits { get; }

    private static StoreResult<Upload> Begin(Message.Put put, Place place, UploadTarget target, Opaque newToken)
    {
        var isResumed = IsKnown(put.ResumeToken, place);
        var token = isResumed ? put.ResumeToken : newToken;
        var key = Convert.ToHexStringLower(token.Span);
        if (!isResumed)
            PartialFile.Remove(place.Directory, key);
        var whole = isResumed ? new ContentDigest(target.Algorithm) : null;
        var (file, error) = PartialFile.Open(
            place.Directory, key, new(SHA256.HashData(place.Name.Span)), put.Size, isPrivate: put.Mode is not null, whole);
        if (file is not null && put.Size >= LeastPreallocated)
            error = file.Preallocate();
        if (file is not null)
            file.IsDurable = true;
        if (file is not null && error == Errno.None)
            return new(new Upload(file, target, token, whole));
        file?.Dispose();
        whole?.Dispose();
        return new(StoreFailure.Of(error));
    }

    private static bool IsKnown(Opaque token, Place place) =>
        token.Length == TokenBytes
        && Libc.StatusOf(place.Directory, PartialNames.Map(Convert.ToHexStringLower(token.Span)), out _) == Errno.None;
}
