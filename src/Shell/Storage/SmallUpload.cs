using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// A small file that came with its request. It has no name at all until it is whole and on the disk (O_TMPFILE), and dies with its process before. What the file it
/// replaces was stays whole until the last moment.
/// </summary>
/// <remarks>
/// For one thread at a time: the session's up to <see cref="End"/>, then the one that commits (<see cref="CommitQueue"/>), in four steps, so that those that wait
/// for the disk are done for many files at once.
/// </remarks>
internal sealed class SmallUpload : IUpload
{
    /// <summary>The longest, in bytes: a break loses no more.</summary>
    public const int Most = Core.Transfer.ResumeLayout.SmallestBlock;

    private const int Attempts = 3;

    private readonly FileDescriptor _file;
    private readonly ReadOnlyMemory<byte> _name;
    private readonly FileStatus _made;
    private readonly HashAlgorithm _algorithm;
    private ContentDigest? _pieces;
    private long _position;
    private long? _stamp;
    private volatile StoredOrNot? _result;

    /// <summary>An upload that may begin. Owns the descriptor and its share of the directory.</summary>
    /// <param name="directory">Where the name is to be.</param>
    /// <param name="name">The name.</param>
    /// <param name="file">Without a name, empty.</param>
    /// <param name="put">What the client asked for; it says the size.</param>
    /// <param name="algorithm">How the digest is computed.</param>
    public SmallUpload(UploadDirectory directory, ReadOnlyMemory<byte> name, FileDescriptor file, Message.Put put, HashAlgorithm algorithm)
    {
        (Directory, _name, _file, Request, _algorithm) = (directory, name, file, put, algorithm);
        _made = Libc.Status(file);
    }

    /// <summary>Where the name is to be.</summary>
    public UploadDirectory Directory { get; }

    /// <summary>What the client asked for.</summary>
    public Message.Put Request { get; }

    /// <summary>The file's digest, once it has ended.</summary>
    public Opaque Digest { get; private set; }

    /// <inheritdoc/>
    public long Offset => 0;

    /// <inheritdoc/>
    public Opaque Token => default;

    /// <inheritdoc/>
    public Opaque Stored => PartialFile.StoredOf(_made);

    /// <summary>What became of it; <c>null</c> while that is not known. On any thread.</summary>
    public StoreResult<Message.Committed>? Result => _result?.Result;

    /// <summary>Whether what it may replace has to be looked at and replaced in one turn.</summary>
    public bool IsConditional => !Request.IfIdentity.IsEmpty;

    /// <inheritdoc/>
    public (Opaque Stream, Opaque Whole) Save() => default;

    /// <inheritdoc/>
    public void LeaveAsItIs() => Dispose();

    /// <inheritdoc/>
    public void Keep() => Dispose();

    /// <inheritdoc/>
    public void Discard() => Dispose();

    /// <inheritdoc/>
    public Failure? Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Request.Size - _position)
            return Failure.Of(ErrorCode.TooLarge, "more bytes than were announced");
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var written = Libc.WriteAt(_file, rest, _position);
            if (!written.IsOk)
                return StoreFailure.Of(written.Error);
            _position += written.Count;
            rest = rest[(int)written.Count..];
        }
        if (bytes.Length == Request.Size && !bytes.IsEmpty)
            Digest = ContentDigest.Of(_algorithm, bytes);
        else if (!bytes.IsEmpty)
            (_pieces ??= new(_algorithm)).Append(bytes);
        return null;
    }

    /// <summary>All bytes have come.</summary>
    /// <param name="fin">What the client says of them.</param>
    /// <returns><c>null</c>; or the bytes are not those that were sent.</returns>
    public Failure? End(Message.Fin fin)
    {
        if (_pieces is not null || Request.Size == 0)
            Digest = _pieces?.Finish() ?? ContentDigest.Of(_algorithm, []);
        return _position != Request.Size || fin.Total != Request.Size ? Failure.Of(ErrorCode.Integrity, "another number of bytes")
            : Digest != fin.Digest ? Failure.Of(ErrorCode.Integrity, "another digest")
            : null;
    }

    /// <summary>The first step: all but the name is as it is to be. <see cref="Synchronize"/> follows, or the whole file system comes to the disk.</summary>
    public Errno Settle()
    {
        var error = Errno.None;
        if (Request.Mode is { } mode && (mode & UploadTarget.PermissionBits) != _made.Permissions)
            error = Libc.SetMode(_file, mode & UploadTarget.PermissionBits);
        if (error == Errno.None && Request.Modified is { } modified)
            error = Libc.SetModified(_file, modified);
        return error;
    }

    /// <summary>Has the disk begin with it, so that many are written at once and one journal entry of the file system covers them all.</summary>
    public Errno BeginWriteback()
    {
        Libc.BeginWriteback(_file, 0, 0);
        return Errno.None;
    }

    /// <summary>The second step, for this file alone: waits until it is on the disk.</summary>
    public Errno Synchronize() => Libc.Synchronize(_file);

    /// <summary>The third step: gives it the name, in a turn of its directory (<see cref="NameTurn"/>). What was under the name is untouched where that fails.</summary>
    /// <returns><c>null</c>; or why not.</returns>
    public Failure? Name()
    {
        if (Request.NoClobber || IsConditional)
        {
            var refused = UploadTarget.Check(Directory.Descriptor, _name.Span, Request, out var refusal);
            if (refused != Errno.None)
                return refusal ?? StoreFailure.Of(refused);
        }
        // Nobody can have opened the file under a name of its own yet.
        _stamp = DigestStore.StoreWithin(_file, Final(), _algorithm, Digest);
        var error = Libc.LinkTemporary(_file, Directory.Descriptor, _name.Span);
        if (error == Errno.Exists)
        {
            error = UploadTarget.Check(Directory.Descriptor, _name.Span, Request, out var refusal);
            if (error != Errno.None)
                return refusal ?? StoreFailure.Of(error);
            error = PartialFile.NameNameless(_file, Directory.Descriptor, _name.Span, Request.NoClobber);
        }
        return error == Errno.None ? null : StoreFailure.Of(error);
    }

    /// <summary>Brings the name to the disk. In a directory that may be searched and written but not read, the file's own journal entry has to do.</summary>
    public Errno SynchronizeName() => Libc.Synchronize(Directory.IsReadable ? Directory.Descriptor : _file);

    /// <summary>The last step, behind which it is what <see cref="Result"/> says, and closed.</summary>
    /// <param name="failure">Why it is not stored; <c>null</c> where it is.</param>
    public void Conclude(Failure? failure)
    {
        var result = failure is null ? new StoreResult<Message.Committed>(new Message.Committed(Identity(), Digest)) : new(failure);
        Dispose();
        _result = new(result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file.IsClosed)
            return;
        _file.Dispose();
        Directory.Dispose();
        _pieces?.Dispose();
    }

    // The size and the time of modification that it was given are known; a time that it was not given only the kernel knows.
    private FileStatus Final() =>
        Request.Modified is { } modified ? _made with { Size = _position, ModifiedNs = modified } : Libc.Status(_file);

    /// <summary>A name that came too long after the digest: once more, before anybody is told the identity.</summary>
    private Opaque Identity()
    {
        var status = Libc.Status(_file);
        for (var attempt = 0; attempt < Attempts && _stamp is { } stamp && Math.Abs(status.ChangedNs - stamp) > DigestBinding.Tolerance; attempt++)
        {
            _stamp = DigestStore.StoreWithin(_file, status, _algorithm, Digest);
            status = Libc.Status(_file);
        }
        return FileIdentity.Of(status);
    }

    private sealed record StoredOrNot(StoreResult<Message.Committed> Result);
}
