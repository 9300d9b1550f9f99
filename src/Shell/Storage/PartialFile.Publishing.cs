using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <content>
/// How a file gets its name: everything about it is settled and on the disk before, so that whoever sees the name sees the whole file; the name
/// itself changes in one step, so that at any moment the old file or the new one is there, whole.
/// </content>
internal sealed partial class PartialFile
{
    /// <summary>Gives the file its name and forgets the map. All bytes must have been written; nothing is written after.</summary>
    /// <param name="name">A name in the file's directory.</param>
    /// <param name="options">What it gets along with it.</param>
    /// <returns>
    /// <see cref="Errno.None"/>; what is under the name is untouched otherwise (but for a failure to bring the name to the disk, which comes last):
    /// exists, is a directory, no space, ...; <see cref="Errno.StaleHandle"/>: somebody newer owns the file; or what the last check said.
    /// </returns>
    public Errno Publish(ReadOnlySpan<byte> name, PublishOptions options)
    {
        var error = Settle(options);
        if (error == Errno.None)
            error = EnterTurn();
        if (error != Errno.None)
            return error;
        NameTurn? turn = null;
        // A directory that may not be read cannot be locked either.
        if (_canSynchronizeDirectory)
            error = NameTurn.BeginWith(_directory, options.IsAlone, out turn);
        using (turn)
        {
            if (error == Errno.None)
                error = options.LastCheck?.Invoke() ?? Errno.None;
            if (error == Errno.None)
                error = _map is null ? NameNameless(Descriptor, _directory, name, options.NoClobber) : Rename(name, options.NoClobber);
        }
        if (error == Errno.None)
            _isOver = true;
        LeaveTurn();
        return error == Errno.None && options.IsDurable ? SynchronizeName() : error;
    }

    /// <summary>Does what a process had left to do that died right behind giving its file the name: the map goes, and the name comes to the disk.</summary>
    /// <param name="directory">Where the file is; stays the caller's.</param>
    /// <param name="key">As in <see cref="Open"/>.</param>
    /// <returns><see cref="Errno.None"/>, or why the name did not come to the disk.</returns>
    public static Errno Conclude(FileDescriptor directory, string key)
    {
        StalePartials.RemoveMap(directory, key);
        return SynchronizeNames(directory);
    }

    /// <summary>Brings the names of a directory to the disk.</summary>
    /// <param name="directory">The directory, open in any way; stays the caller's.</param>
    /// <returns><see cref="Errno.None"/>, also where it may not be read; or an I/O error, ...</returns>
    internal static Errno SynchronizeNames(FileDescriptor directory)
    {
        var own = Libc.Open(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        // A directory that may not be read cannot be brought to the disk by itself.
        if (!own.IsOk)
            return own.Error == Errno.AccessDenied ? Errno.None : own.Error;
        using (own.Descriptor)
            return Libc.Synchronize(own.Descriptor);
    }

    private Errno Settle(PublishOptions options)
    {
        var error = EnterTurn();
        if (error != Errno.None)
            return error;
        var size = Size ?? _end;
        if (Libc.Status(Descriptor).Size != size)
            error = Libc.Truncate(Descriptor, size);
        if (error == Errno.None && options.Mode is { } mode)
            error = Libc.SetMode(Descriptor, mode);
        if (error == Errno.None && options.ModifiedNs is { } modified)
            error = Libc.SetModified(Descriptor, modified);
        LeaveTurn();
        return error == Errno.None && options.IsDurable ? Libc.Synchronize(Descriptor) : error;
    }

    private Errno Rename(ReadOnlySpan<byte> name, bool noClobber)
    {
        var part = PartialNames.Part(_key);
        var error = noClobber ? Libc.RenameNoReplace(_directory, part, _directory, name) : Libc.Rename(_directory, part, _directory, name);
        // Where the file system cannot promise it for a rename, it can for a second name.
        if (noClobber && error is Errno.InvalidArgument or Errno.NotImplemented)
        {
            error = Libc.LinkTemporary(Descriptor, _directory, name);
            if (error == Errno.None)
                _ = Libc.Unlink(_directory, part);
        }
        if (error == Errno.None)
            _ = Libc.Unlink(_directory, PartialNames.Map(_key));
        return error;
    }

    /// <summary>Gives a file without a name one.</summary>
    /// <param name="file">The file, opened as <see cref="OpenFlags.Temporary"/>.</param>
    /// <param name="directory">Where the name goes.</param>
    /// <param name="name">The name.</param>
    /// <param name="noClobber">Only if nothing has it.</param>
    internal static Errno NameNameless(FileDescriptor file, FileDescriptor directory, ReadOnlySpan<byte> name, bool noClobber)
    {
        var error = Libc.LinkTemporary(file, directory, name);
        if (error != Errno.Exists || noClobber)
            return error;
        // A link never replaces: under a hidden name first, locked so that nobody clears it away.
        var hidden = TemporaryName.Create();
        error = Libc.TryLock(file, exclusive: false);
        if (error == Errno.None)
            error = Libc.LinkTemporary(file, directory, hidden);
        if (error != Errno.None)
            return error;
        error = Libc.Rename(directory, hidden, directory, name);
        if (error != Errno.None)
            _ = Libc.Unlink(directory, hidden);
        return error;
    }

    // In a directory that may be searched and written but not read, the file's own journal entry has to do.
    private Errno SynchronizeName() => Libc.Synchronize(_canSynchronizeDirectory ? _directory : Descriptor);
}
