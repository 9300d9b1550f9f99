using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>linkat(2), renameat(2), unlinkat(2), mkdirat(2). Every name as in <see cref="Open"/>; so are the refusals.</content>
internal static unsafe partial class Libc
{
    internal const int SymbolicLinkFollow = 0x400;
    internal const int RemoveDirectoryFlag = 0x200;
    internal const uint RenameNoReplaceFlag = 1;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int linkat(SafeHandle olddirfd, byte* oldpath, SafeHandle newdirfd, byte* newpath, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int renameat(SafeHandle olddirfd, byte* oldpath, SafeHandle newdirfd, byte* newpath);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint renameat2(
        nint number, SafeHandle olddirfd, byte* oldpath, SafeHandle newdirfd, byte* newpath, uint flags);

    private static volatile bool _mustLinkByProc;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int unlinkat(SafeHandle dirfd, byte* pathname, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int mkdirat(SafeHandle dirfd, byte* pathname, uint mode);

    /// <summary>Gives a file that was opened as <see cref="OpenFlags.Temporary"/> its name.</summary>
    /// <param name="file">The file without a name.</param>
    /// <param name="directory">Where the name goes, on the same file system.</param>
    /// <param name="name">The name.</param>
    /// <returns><see cref="Errno.None"/>; or exists, no space, access denied, no entry (also where /proc is not mounted), ...</returns>
    internal static Errno LinkTemporary(FileDescriptor file, FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        if (_mustLinkByProc)
            return LinkByProc(file, directory, name);
        var error = LinkByDescriptor(file, directory, name);
        if (error != Errno.NoEntry)
            return error;
        error = LinkByProc(file, directory, name);
        _mustLinkByProc = error != Errno.NoEntry;
        return error;
    }

    /// <summary>The quicker way: needs CAP_DAC_READ_SEARCH, or since Linux 6.10 that whoever opened the file had our identity.</summary>
    /// <returns>As <see cref="LinkTemporary"/>; no entry where that is not so.</returns>
    internal static Errno LinkByDescriptor(FileDescriptor file, FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        var text = stackalloc byte[PathLimit];
        byte none = 0;
        return Terminate(name, text) is var refused and not Errno.None ? refused : Value(nameof(linkat), linkat(file, &none, directory, text, EmptyPath)).Error;
    }

    /// <summary>The way that is open to all.</summary>
    /// <returns>As <see cref="LinkTemporary"/>.</returns>
    internal static Errno LinkByProc(FileDescriptor file, FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        var text = stackalloc byte[PathLimit];
        if (Terminate(name, text) is var refused and not Errno.None)
            return refused;
        using var held = new HeldDescriptor(file);
        var source = Encoding.ASCII.GetBytes($"/proc/self/fd/{held.Number}\0");
        fixed (byte* sourceText = source)
            return Value(nameof(linkat), linkat(FileDescriptor.WorkingDirectory, sourceText, directory, text, SymbolicLinkFollow)).Error;
    }

    /// <summary>Renames, replacing what has the new name.</summary>
    /// <returns><see cref="Errno.None"/>; or no entry, is a directory, not empty, cross device, no space, access denied, ...</returns>
    internal static Errno Rename(
        FileDescriptor oldDirectory, ReadOnlySpan<byte> oldName, FileDescriptor newDirectory, ReadOnlySpan<byte> newName)
    {
        var oldText = stackalloc byte[PathLimit];
        var newText = stackalloc byte[PathLimit];
        if (Terminate(oldName, oldText) is var refusedOld and not Errno.None)
            return refusedOld;
        if (Terminate(newName, newText) is var refusedNew and not Errno.None)
            return refusedNew;
        return Value(nameof(renameat), renameat(oldDirectory, oldText, newDirectory, newText), Errno.InvalidArgument).Error;
    }

    /// <summary>Renames, unless something has the new name.</summary>
    /// <returns>
    /// As <see cref="Rename"/>; and exists, or <see cref="Errno.InvalidArgument"/> where the file system, or
    /// <see cref="Errno.NotImplemented"/> where the kernel, cannot promise it.
    /// </returns>
    internal static Errno RenameNoReplace(
        FileDescriptor oldDirectory, ReadOnlySpan<byte> oldName, FileDescriptor newDirectory, ReadOnlySpan<byte> newName)
    {
        var oldText = stackalloc byte[PathLimit];
        var newText = stackalloc byte[PathLimit];
        if (Terminate(oldName, oldText) is var refusedOld and not Errno.None)
            return refusedOld;
        if (Terminate(newName, newText) is var refusedNew and not Errno.None)
            return refusedNew;
        var renamed = renameat2(SystemCall.RenameAt2, oldDirectory, oldText, newDirectory, newText, RenameNoReplaceFlag);
        return Value(nameof(renameat2), renamed, Errno.InvalidArgument).Error;
    }

    /// <summary>Removes a name that is not a directory's.</summary>
    /// <returns><see cref="Errno.None"/>; or no entry, is a directory, access denied, ...</returns>
    internal static Errno Unlink(FileDescriptor directory, ReadOnlySpan<byte> path) => Remove(directory, path, flags: 0);

    /// <summary>Removes an empty directory.</summary>
    /// <returns><see cref="Errno.None"/>; or no entry, not a directory, not empty, access denied, ...</returns>
    internal static Errno RemoveDirectory(FileDescriptor directory, ReadOnlySpan<byte> path) =>
        Remove(directory, path, RemoveDirectoryFlag);

    /// <summary>Makes a directory.</summary>
    /// <param name="directory">Where a relative path begins.</param>
    /// <param name="path">Its last component is the new name.</param>
    /// <param name="mode">Permissions, before the umask.</param>
    /// <returns><see cref="Errno.None"/>; or exists, no entry, no space, access denied, ...</returns>
    internal static Errno MakeDirectory(FileDescriptor directory, ReadOnlySpan<byte> path, uint mode)
    {
        var text = stackalloc byte[PathLimit];
        return Terminate(path, text) is var refused and not Errno.None
            ? refused
            : Value(nameof(mkdirat), mkdirat(directory, text, mode), Errno.InvalidArgument).Error;
    }

    private static Errno Remove(FileDescriptor directory, ReadOnlySpan<byte> path, int flags)
    {
        var text = stackalloc byte[PathLimit];
        return Terminate(path, text) is var refused and not Errno.None
            ? refused
            : Value(nameof(unlinkat), unlinkat(directory, text, flags), Errno.InvalidArgument).Error;
    }
}
