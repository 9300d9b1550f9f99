using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>What becomes of an upload: its name, what it may replace, and what it gets along with the name.</summary>
internal sealed class UploadTarget : IDisposable
{
    // Bits that give a program another user's rights are not taken over from somebody else.
    public const int PermissionBits = 0x1ff;

    private const int Attempts = 3;

    private readonly FileDescriptor _directory;
    private readonly ReadOnlyMemory<byte> _name;
    private readonly Message.Put _put;
    private readonly DigestStore _digests;

    /// <summary>A target. Owns the descriptor and the store.</summary>
    /// <param name="directory">Where the name is.</param>
    /// <param name="name">The name.</param>
    /// <param name="put">What the client asked for.</param>
    /// <param name="algorithm">How the digests are computed.</param>
    /// <param name="digests">Where the digest is kept if the file cannot keep it.</param>
    public UploadTarget(FileDescriptor directory, ReadOnlyMemory<byte> name, Message.Put put, HashAlgorithm algorithm, DigestStore digests)
    {
        (_directory, _name, _put, Algorithm, _digests) = (directory, name, put, algorithm, digests);
    }

    /// <summary>How the digests are computed.</summary>
    public HashAlgorithm Algorithm { get; }

    /// <summary>Why the file that is there may not be replaced, once <see cref="Check()"/> has found that out.</summary>
    public Failure? Refusal { get; private set; }

    /// <summary>Whether the name may be given as things are now: asked before the first byte, and once more in the last moment.</summary>
    public Errno Check()
    {
        var error = Check(_directory, _name.Span, _put, out var refusal);
        Refusal = refusal;
        return error;
    }

    /// <summary>Whether a name may be given as things are now.</summary>
    /// <param name="directory">Where the name is.</param>
    /// <param name="name">The name.</param>
    /// <param name="put">What the client asked for.</param>
    /// <param name="refusal">Why the file that is there may not be replaced; <c>null</c> where it may, or that cannot be found out.</param>
    public static Errno Check(FileDescriptor directory, ReadOnlySpan<byte> name, Message.Put put, out Failure? refusal)
    {
        refusal = null;
        var error = Libc.StatusOf(directory, name, out var status);
        if (error is not (Errno.None or Errno.NoEntry))
            return error;
        var isThere = error == Errno.None;
        refusal = !isThere ? (put.IfIdentity.IsEmpty ? null : StoreFailure.Changed)
            : put.NoClobber ? Failure.Of(ErrorCode.Exists)
            : status.Type == FileType.Directory ? Failure.Of(ErrorCode.IsDirectory)
            : status.Type is not (FileType.Regular or FileType.SymbolicLink) ? Failure.Of(ErrorCode.NotServed)
            : put.IfIdentity.IsEmpty || status.Type == FileType.Regular && FileIdentity.Of(status) == put.IfIdentity ? null
            : StoreFailure.Changed;
        return refusal is null ? Errno.None : Errno.Exists;
    }

    /// <summary>Gives a file that is whole the name, and keeps its digest.</summary>
    /// <returns><see cref="Errno.None"/>, and its identity; or why not, see also <see cref="Refusal"/>.</returns>
    public Errno Publish(PartialFile file, Opaque digest, out Opaque identity)
    {
        var isKept = false;
        var error = file.Publish(_name.Span, new(_put.Mode & PermissionBits, _put.Modified, _put.NoClobber, IsDurable: true, LastCheck: () =>
        {
            var refused = Check();
            // Size and times are final, and nobody can have opened the file under a name of its own yet.
            isKept = refused == Errno.None && DigestStore.StoreWithin(file.Descriptor, Libc.Status(file.Descriptor), Algorithm, digest) is not null;
            return refused;
        }, IsAlone: !_put.IfIdentity.IsEmpty));
        identity = error == Errno.None ? FileIdentity.Of(isKept ? StoreUntilBelieved(file, digest) : StoreBeside(file, digest)) : default;
        return error;
    }

    /// <summary>A name that had to wait for the disk came too long after the digest: once more, before anybody is told the identity.</summary>
    private FileStatus StoreUntilBelieved(PartialFile file, Opaque digest)
    {
        var status = Libc.Status(file.Descriptor);
        for (var attempt = 0; attempt < Attempts && _digests.Find(file.Descriptor, status, Algorithm) is null; attempt++)
        {
            _ = DigestStore.StoreWithin(file.Descriptor, Libc.Status(file.Descriptor), Algorithm, digest) is not null;
            status = Libc.Status(file.Descriptor);
        }
        return status;
    }

    private FileStatus StoreBeside(PartialFile file, Opaque digest)
    {
        var status = Libc.Status(file.Descriptor);
        _digests.StoreBeside(status, Algorithm, digest);
        return status;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory.Dispose();
        _digests.Dispose();
    }
}
