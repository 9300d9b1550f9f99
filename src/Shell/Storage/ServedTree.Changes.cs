using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <content>What changes the tree in one step. The last component of a path is never followed where it is a link.</content>
internal sealed partial class ServedTree
{
    // Bits that give a program another user's rights are not taken over from somebody else.
    private const int PermissionBits = 0x1ff;

    private const int DirectoryMode = 0x1ff;

    /// <summary>Makes a directory.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">Its permissions; <c>null</c> for what the umask leaves.</param>
    /// <param name="parents">Whether to make missing parents, and to accept a directory that is there.</param>
    public Failure? MakeDirectory(RemotePath path, int? mode, bool parents)
    {
        if (_readOnly)
            return StoreFailure.ReadOnly;
        if (parents && MakeParents(path) is { } refused)
            return refused;
        var found = FindParent(path);
        if (found.Value is not { } place)
            return found.Failure;
        using (place.Directory)
        {
            var error = Libc.MakeDirectory(place.Directory, place.Name.Span, DirectoryMode);
            if (error == Errno.Exists && parents && IsDirectory(place))
                return null;
            if (error == Errno.None && mode is { } wanted)
                error = SetMode(place, wanted);
            return error == Errno.None ? null : StoreFailure.Of(error);
        }
    }

    /// <summary>Renames a file, link or directory.</summary>
    /// <param name="from">Its path.</param>
    /// <param name="to">Its new path.</param>
    /// <param name="noClobber">Only if nothing is there.</param>
    /// <param name="ifIdentity">Only if the file has this identity; empty for any.</param>
    public Failure? Move(RemotePath from, RemotePath to, bool noClobber, Opaque ifIdentity)
    {
        if (_readOnly)
            return StoreFailure.ReadOnly;
        var source = FindParent(from);
        if (source.Value is not { } old)
            return source.Failure;
        using (old.Directory)
        {
            var destination = FindParent(to);
            if (destination.Value is not { } renamed)
                return destination.Failure;
            using (renamed.Directory)
            {
                var error = NameTurn.Begin(old.Directory, renamed.Directory, isAlone: !ifIdentity.IsEmpty, out var turns);
                using (turns.First)
                using (turns.Second)
                {
                    if (error == Errno.None && CheckIdentity(old, ifIdentity) is { } changed)
                        return changed;
                    if (error == Errno.None)
                        error = noClobber
                            ? RenameNoReplace(old, renamed)
                            : Libc.Rename(old.Directory, old.Name.Span, renamed.Directory, renamed.Name.Span);
                }
                return error switch
                {
                    Errno.None => null,
                    Errno.InvalidArgument => Failure.Of(ErrorCode.Usage, "a directory cannot be moved into itself"),
                    Errno.CrossDevice => Failure.Of(ErrorCode.Unsupported, "the two places lie on different file systems"),
                    _ => StoreFailure.Of(error),
                };
            }
        }
    }

    /// <summary>Removes a file, a link or an empty directory.</summary>
    /// <param name="path">Which.</param>
    /// <param name="ifIdentity">Only if the file has this identity; empty for any.</param>
    public Failure? Remove(RemotePath path, Opaque ifIdentity)
    {
        if (_readOnly)
            return StoreFailure.ReadOnly;
        var found = FindParent(path);
        if (found.Value is not { } place)
            return found.Failure;
        using (place.Directory)
        {
            var error = NameTurn.Begin(place.Directory, isAlone: !ifIdentity.IsEmpty, out var turn);
            using (turn)
            {
                if (error == Errno.None && CheckIdentity(place, ifIdentity) is { } changed)
                    return changed;
                if (error == Errno.None)
                    error = Libc.Unlink(place.Directory, place.Name.Span);
            }
            if (error == Errno.IsDirectory)
                error = Libc.RemoveDirectory(place.Directory, place.Name.Span);
            return error == Errno.None ? null : StoreFailure.Of(error);
        }
    }

    /// <summary>Makes a symbolic link. Where it leads is not looked at: it is judged when it is followed.</summary>
    /// <param name="path">Where.</param>
    /// <param name="target">Where it leads.</param>
    /// <param name="modified">Its time of modification, in nanoseconds since 1970-01-01 UTC; <c>null</c> for now.</param>
    /// <param name="noClobber">Only if nothing is there; else a file or link is replaced.</param>
    public Failure? MakeLink(RemotePath path, ReadOnlySpan<byte> target, long? modified, bool noClobber)
    {
        if (_readOnly)
            return StoreFailure.ReadOnly;
        var found = FindParent(path);
        if (found.Value is not { } place)
            return found.Failure;
        using (place.Directory)
        {
            // Under another name first, so that what is there is replaced in one step.
            var temporary = TemporaryName.Create();
            var error = Libc.MakeSymbolicLink(target, place.Directory, temporary);
            if (error != Errno.None)
                return StoreFailure.Of(error);
            if (modified is { } time)
                error = Libc.SetModifiedOf(place.Directory, temporary, time);
            var made = place with { Name = temporary };
            if (error == Errno.None)
                error = Name(made, place, noClobber);
            if (error == Errno.None)
                return null;
            _ = Libc.Unlink(place.Directory, temporary);
            return StoreFailure.Of(error);
        }
    }

    /// <summary>Changes times and permissions of a file or directory.</summary>
    /// <param name="path">Which; <c>null</c> is the root.</param>
    /// <param name="modified">The time of modification, in nanoseconds since 1970-01-01 UTC; <c>null</c> leaves it.</param>
    /// <param name="mode">The permissions; <c>null</c> leaves them.</param>
    public Failure? SetAttributes(RemotePath? path, long? modified, int? mode)
    {
        if (_readOnly)
            return StoreFailure.ReadOnly;
        if (path is null)
            return SetAttributes(_root, modified, mode);
        var found = Find(path);
        if (found.Value is not { } place)
            return found.Failure;
        using (place)
            return SetAttributes(place, modified, mode);
    }

    private static Failure? SetAttributes(FileDescriptor place, long? modified, int? mode)
    {
        if (Libc.Status(place).Type is not (FileType.Regular or FileType.Directory))
            return Failure.Of(ErrorCode.NotServed);
        var error = mode is { } wanted ? Libc.SetModeOfHandle(place, wanted & PermissionBits) : Errno.None;
        if (error == Errno.None && modified is { } time)
            error = Libc.SetModifiedOfHandle(place, time);
        return error == Errno.None ? null : StoreFailure.Of(error);
    }

    private Failure? MakeParents(RemotePath path)
    {
        var bytes = path.Span;
        for (var end = bytes.IndexOf((byte)'/'); end >= 0; end = bytes[(end + 1)..].IndexOf((byte)'/') is >= 0 and var next ? end + 1 + next : -1)
            if (RemotePath.Create(bytes[..end]).Case is RemotePath parent && MakeDirectoryThere(parent) is { } failure)
                return failure;
        return null;
    }

    private Failure? MakeDirectoryThere(RemotePath path)
    {
        var found = FindParent(path);
        if (found.Value is not { } place)
            return found.Failure;
        using (place.Directory)
        {
            var error = Libc.MakeDirectory(place.Directory, place.Name.Span, DirectoryMode);
            // What is there may be a link to a directory: the next component will tell.
            return error is Errno.None or Errno.Exists ? null : StoreFailure.Of(error);
        }
    }

    private static Failure? CheckIdentity(Place place, Opaque identity)
    {
        if (identity.IsEmpty)
            return null;
        var error = Libc.StatusOf(place.Directory, place.Name.Span, out var status);
        return error != Errno.None ? StoreFailure.Of(error)
            : status.Type == FileType.Regular && FileIdentity.Of(status) == identity ? null
            : StoreFailure.Changed;
    }

    private static Errno Name(Place made, Place place, bool noClobber)
    {
        var error = NameTurn.Begin(place.Directory, isAlone: false, out var turn);
        using (turn)
            return error != Errno.None ? error
                : noClobber ? RenameNoReplace(made, place)
                : Libc.Rename(made.Directory, made.Name.Span, place.Directory, place.Name.Span);
    }

    private static bool IsDirectory(Place place) =>
        Libc.StatusOf(place.Directory, place.Name.Span, out var status) == Errno.None && status.Type == FileType.Directory;

    private static Errno SetMode(Place place, int mode)
    {
        var opened = Libc.Open(place.Directory, place.Name.Span, OpenFlags.Path | OpenFlags.NoFollow | OpenFlags.Directory);
        if (!opened.IsOk)
            return opened.Error;
        using (opened.Descriptor)
            return Libc.SetModeOfHandle(opened.Descriptor, mode & PermissionBits);
    }

    /// <summary>As renameat2(2) promises it; where the file system does not, the check and the rename are two steps.</summary>
    private static Errno RenameNoReplace(Place from, Place to)
    {
        var error = Libc.RenameNoReplace(from.Directory, from.Name.Span, to.Directory, to.Name.Span);
        if (error is not (Errno.InvalidArgument or Errno.NotImplemented))
            return error;
        return Libc.StatusOf(to.Directory, to.Name.Span, out _) == Errno.NoEntry
            ? Libc.Rename(from.Directory, from.Name.Span, to.Directory, to.Name.Span)
            : Errno.Exists;
    }
}
