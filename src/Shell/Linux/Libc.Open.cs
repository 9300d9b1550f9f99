using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>openat(2) and openat2(2). Names are bytes, as the kernel sees them.</content>
internal static unsafe partial class Libc
{
    /// <summary>Bytes of the longest path, with its terminating zero (PATH_MAX).</summary>
    internal const int PathLimit = 4096;

    internal const int OpenCloseOnExec = 0x80000;

    private const int DirectoryAndNoFollowX64 = (int)(OpenFlags.Directory | OpenFlags.NoFollow);
    private const int DirectoryArm64 = 0x4000;
    private const int NoFollowArm64 = 0x8000;
    private const int AttemptsAgainstRenames = 100;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int openat(SafeHandle dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint openat2(nint number, SafeHandle dirfd, byte* pathname, OpenHow* how, nuint size);

    /// <summary>Opens a file, wherever the path leads.</summary>
    /// <param name="directory">Where a relative path begins.</param>
    /// <param name="path">Without a terminating zero.</param>
    /// <param name="flags">How.</param>
    /// <param name="mode">Permissions of a file that is made, before the umask.</param>
    /// <returns>
    /// The file; or what the file system says: no entry, access denied, is a directory, ... A path that contains a zero byte gives
    /// <see cref="Errno.IllegalByteSequence"/>, one that is too long <see cref="Errno.NameTooLong"/>, without asking the kernel.
    /// </returns>
    internal static DescriptorResult<FileDescriptor> Open(FileDescriptor directory, ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0)
    {
        var text = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return new(refused);
        DescriptorResult<FileDescriptor> opened;
        do
            opened = Owned<FileDescriptor>(
                nameof(openat), openat(directory, text, NativeOpenFlags(flags) | OpenCloseOnExec, mode), Errno.InvalidArgument);
        while (opened.Error == Errno.Interrupted);
        return opened;
    }

    /// <summary>Opens a file with the kernel's own confinement.</summary>
    /// <returns>
    /// As <see cref="Open"/>; and <see cref="Errno.CrossDevice"/> for a path that leaves its root, <see cref="Errno.TooManySymbolicLinks"/>
    /// for a forbidden link, <see cref="Errno.NotImplemented"/> before Linux 5.6, <see cref="Errno.WouldBlock"/> when renames beside a
    /// ".." would not stop.
    /// </returns>
    internal static DescriptorResult<FileDescriptor> OpenResolved(
        FileDescriptor directory, ReadOnlySpan<byte> path, OpenFlags flags, uint mode, ResolveFlags resolve)
    {
        var text = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return new(refused);
        // Unlike openat, openat2 refuses a mode where nothing is made.
        var makes = flags.HasFlag(OpenFlags.Create) || flags.HasFlag(OpenFlags.Temporary);
        var how = new OpenHow
        {
            Flags = (ulong)(NativeOpenFlags(flags) | OpenCloseOnExec),
            Mode = makes ? mode : 0,
            Resolve = (ulong)resolve,
        };
        DescriptorResult<FileDescriptor> opened;
        var attempts = 0;
        do
            opened = Owned<FileDescriptor>(
                nameof(openat2), openat2(SystemCall.OpenAt2, directory, text, &how, (nuint)sizeof(OpenHow)), Errno.InvalidArgument);
        while (opened.Error == Errno.Interrupted || opened.Error == Errno.WouldBlock && ++attempts < AttemptsAgainstRenames);
        return opened;
    }

    /// <summary>The flags with this machine's bits: arm64 has its own for directories and links.</summary>
    internal static int NativeOpenFlags(OpenFlags flags)
    {
        if (IsX64)
            return (int)flags;
        var native = (int)flags & ~DirectoryAndNoFollowX64;
        native |= flags.HasFlag(OpenFlags.Directory) ? DirectoryArm64 : 0;
        native |= flags.HasFlag(OpenFlags.NoFollow) ? NoFollowArm64 : 0;
        return native;
    }

    private static Errno Terminate(ReadOnlySpan<byte> path, byte* destination)
    {
        if (path.Contains((byte)0))
            return Errno.IllegalByteSequence;
        if (path.Length >= PathLimit)
            return Errno.NameTooLong;
        path.CopyTo(new(destination, PathLimit));
        destination[path.Length] = 0;
        return Errno.None;
    }

    /// <summary>struct open_how (linux/openat2.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }
}
