using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>getdents64(2), readlinkat(2), symlinkat(2). Names are bytes, as the kernel sees them.</content>
internal static unsafe partial class Libc
{
    internal const int EntryInodeOffset = 0;
    internal const int EntryLengthOffset = 16;
    internal const int EntryTypeOffset = 18;
    internal const int EntryNameOffset = 19;

    /// <summary>Room for the longest entry of a directory with its longest name, in bytes.</summary>
    internal const int LongestEntry = EntryNameOffset + 256 + 5;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint getdents64(nint number, SafeHandle fd, byte* dirp, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint readlinkat(SafeHandle dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int symlinkat(byte* target, SafeHandle newdirfd, byte* linkpath);

    /// <summary>Reads the next entries of a directory, in no order; <see cref="DirectoryEntries"/> tells them apart.</summary>
    /// <param name="directory">Open for reading; it remembers how far it was read.</param>
    /// <param name="buffer">At least <see cref="LongestEntry"/> bytes.</param>
    /// <returns>Bytes that hold entries, 0 at the end; or no entry for a directory that was removed, an I/O error.</returns>
    internal static IoResult ReadDirectory(FileDescriptor directory, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
            return Value(nameof(getdents64), getdents64(SystemCall.GetDents64, directory, bytes, (nuint)buffer.Length));
    }

    /// <summary>Where a symbolic link leads, as it is written there.</summary>
    /// <param name="directory">Where a relative path begins; the link itself, opened with <see cref="OpenFlags.Path"/>, for an empty one.</param>
    /// <param name="path">The link.</param>
    /// <param name="target">Room for what it holds; more than fits is cut without notice.</param>
    /// <returns>Its bytes; or <see cref="Errno.InvalidArgument"/> for what is no link, no entry, access denied, ...</returns>
    internal static IoResult ReadLink(FileDescriptor directory, ReadOnlySpan<byte> path, Span<byte> target)
    {
        var text = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return new(0, refused);
        fixed (byte* bytes = target)
            return Value(nameof(readlinkat), readlinkat(directory, text, bytes, (nuint)target.Length), Errno.InvalidArgument);
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Where it leads; not looked at.</param>
    /// <param name="directory">Where a relative path begins.</param>
    /// <param name="path">The new name.</param>
    /// <returns><see cref="Errno.None"/>; or exists, no entry, no space, access denied, ...</returns>
    internal static Errno MakeSymbolicLink(ReadOnlySpan<byte> target, FileDescriptor directory, ReadOnlySpan<byte> path)
    {
        var text = stackalloc byte[PathLimit];
        var targetText = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return refused;
        return Terminate(target, targetText) is var refusedTarget and not Errno.None
            ? refusedTarget
            : Value(nameof(symlinkat), symlinkat(targetText, directory, text), Errno.InvalidArgument).Error;
    }
}
