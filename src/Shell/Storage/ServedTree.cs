using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>The directory that is served. No path leads out of it, whatever links lie in it or are put there meanwhile.</summary>
/// <remarks>
/// Only what was resolved beneath the root (<see cref="OpenBeneath"/>) is used, by its descriptor. What is not a regular file is recognised before
/// it is opened for good: opening a device or FIFO may already have an effect. Used by one thread at a time; several trees may have the same root.
/// </remarks>
internal sealed partial class ServedTree : IDisposable
{
    private const OpenFlags Reading = OpenFlags.ReadOnly | OpenFlags.NonBlocking;

    private readonly FileDescriptor _root;
    private readonly bool _readOnly;
    private readonly DigestStore _digests;
    private readonly OpenFiles _open;

    private ServedTree(FileDescriptor root, bool readOnly)
    {
        _root = root;
        _readOnly = readOnly;
        _digests = new DigestStore(root, readOnly);
        _open = new OpenFiles(root);
        Commits = new CommitQueue(Libc.Duplicate<FileDescriptor>(root).OrThrow("dup"));
    }

    /// <summary>Opens the root.</summary>
    /// <param name="root">A directory's path.</param>
    /// <param name="readOnly">Whether nothing may be changed.</param>
    /// <exception cref="TransferException"><see cref="TransferFailure.LocalIO"/>: it is no directory, or may not be read.</exception>
    public static ServedTree Open(string root, bool readOnly)
    {
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(root), OpenFlags.ReadOnly | OpenFlags.Directory);
        return opened.IsOk
            ? new(opened.Descriptor, readOnly)
            : throw new TransferException(TransferFailure.LocalIO, $"cannot serve {root}: {ErrnoText.Describe(opened.Error)}");
    }

    /// <summary>As <see cref="OpenFile"/>, or the file that is still open since it was asked for a moment ago.</summary>
    public StoreResult<StoredFile> OpenFileAgain(RemotePath path, Opaque ifIdentity)
    {
        if (_open.Find(path) is { } known)
        {
            if (ifIdentity.IsEmpty || known.Identity == ifIdentity)
                return new(known);
            known.Dispose();
            return new(StoreFailure.Changed);
        }
        var opened = OpenFile(path, ifIdentity);
        if (opened.Value is { } file)
            _open.Offer(path, file);
        return opened;
    }

    /// <summary>A file that was asked for a moment ago and is open; whether it is still the one behind its path, <see cref="IsStill"/> tells.</summary>
    public StoredFile? StillOpen(RemotePath path) => _open.Peek(path);

    /// <inheritdoc cref="OpenFiles.IsStill"/>
    public bool IsStill(RemotePath path, StoredFile file, bool hasWaited) => _open.IsStill(path, file, hasWaited);

    /// <inheritdoc cref="OpenFiles.BeginRound"/>
    public void BeginRound() => _open.BeginRound();

    /// <summary>Closes files that nobody has asked for for some time. To be called now and then.</summary>
    public void CloseUnused() => _open.Expire(OpenFiles.Longest);

    /// <summary>Opens a regular file to read.</summary>
    /// <param name="path">Which.</param>
    /// <param name="ifIdentity">Only if it has this identity; empty for any.</param>
    public StoreResult<StoredFile> OpenFile(RemotePath path, Opaque ifIdentity)
    {
        if (OpenRegular(path) is { } file)
        {
            if (ifIdentity.IsEmpty || file.Identity == ifIdentity)
                return new(file);
            file.Dispose();
            return new(StoreFailure.Changed);
        }
        var found = Find(path);
        if (found.Value is not { } place)
            return new(found.Failure!);
        using (place)
        {
            var status = Libc.Status(place);
            if (status.Type == FileType.Directory)
                return new(Failure.Of(ErrorCode.IsDirectory));
            if (status.Type != FileType.Regular)
                return new(Failure.Of(ErrorCode.NotServed));
            if (!ifIdentity.IsEmpty && FileIdentity.Of(status) != ifIdentity)
                return new(StoreFailure.Changed);
            var opened = Libc.Reopen(place, Reading);
            return opened.IsOk ? new(new StoredFile(opened.Descriptor, status, _digests)) : new(StoreFailure.Of(opened.Error));
        }
    }

    /// <summary>
    /// The quick way for what is a regular file by its path: to take a place first, and to open that through /proc, costs three times as much. Nothing is believed that was seen on the way
    /// to it, only what was opened beneath the root and is just that. What is no regular file is opened by none but who can put a device into the tree within these microseconds.
    /// </summary>
    /// <returns><c>null</c> where the other way has to tell.</returns>
    private StoredFile? OpenRegular(RemotePath path)
    {
        if (HiddenNames.IsIn(path) || Libc.StatusOf(_root, path.Span, out var status) != Errno.None || status.Type != FileType.Regular)
            return null;
        var opened = OpenBeneath.Open(_root, path.Span, Reading);
        if (opened.IsOk && Libc.Status(opened.Descriptor) == status)
            return new(opened.Descriptor, status, _digests);
        if (opened.IsOk)
            opened.Descriptor.Dispose();
        return null;
    }

    /// <summary>Describes what a path names; a link is described itself.</summary>
    /// <param name="path">Which; <c>null</c> is the root.</param>
    public StoreResult<Entry> Stat(RemotePath? path)
    {
        if (path is null)
            return new(EntryReader.Of(null, Libc.Status(_root), []));
        var found = FindParent(path);
        if (found.Value is not { } parent)
            return new(found.Failure!);
        using (parent.Directory)
            return EntryReader.Read(parent.Directory, parent.Name.Span, path);
    }

    /// <summary>Begins to list a directory.</summary>
    /// <param name="path">Which; <c>null</c> is the root.</param>
    /// <param name="recursive">Whether to descend; links are not followed.</param>
    /// <param name="after">Begin behind this path; <c>null</c> for the beginning.</param>
    public StoreResult<Listing> List(RemotePath? path, bool recursive, RemotePath? after)
    {
        if (path is not null && HiddenNames.IsIn(path))
            return new(StoreFailure.Hidden);
        return new(new Listing(_root, path, recursive, after));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.Dispose();
        Commits.Dispose();
        _digests.Dispose();
    }

    /// <summary>The inode that a path leads to, as a place only: links that stay beneath the root are followed.</summary>
    private StoreResult<FileDescriptor> Find(RemotePath path)
    {
        if (HiddenNames.IsIn(path))
            return new(StoreFailure.Hidden);
        var found = OpenBeneath.Open(_root, path.Span, OpenFlags.Path);
        return found.IsOk ? new(found.Descriptor) : new(StoreFailure.Of(found.Error));
    }

    /// <summary>The directory that a path's last component lies in, and that component.</summary>
    private StoreResult<Place> FindParent(RemotePath path)
    {
        if (HiddenNames.IsIn(path))
            return new(StoreFailure.Hidden);
        var bytes = path.Span;
        var slash = bytes.LastIndexOf((byte)'/');
        var parent = slash < 0 ? "."u8 : bytes[..slash];
        var found = OpenBeneath.Open(_root, parent, OpenFlags.Path | OpenFlags.Directory);
        return found.IsOk
            ? new(new Place(found.Descriptor, bytes[(slash + 1)..].ToArray()))
            : new(StoreFailure.Of(found.Error));
    }

    /// <summary>A name in a directory.</summary>
    /// <param name="Directory">The directory, as a place only.</param>
    /// <param name="Name">The name.</param>
    private sealed record Place(FileDescriptor Directory, ReadOnlyMemory<byte> Name);
}
