using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>statx(2), whose structure is the same on every architecture, and fstatvfs(3).</content>
internal static unsafe partial class Libc
{
    internal const int StatusSize = 256;
    internal const int StatusOwnerOffset = 20;
    internal const int StatusModeOffset = 28;
    internal const int StatusInodeOffset = 32;
    internal const int StatusSizeOffset = 40;
    internal const int StatusChangedOffset = 96;
    internal const int StatusModifiedOffset = 112;
    internal const int StatusDeviceMajorOffset = 136;
    internal const int StatusDeviceMinorOffset = 140;
    internal const uint StatusBasic = 0x7FF;
    internal const int EmptyPath = 0x1000;
    internal const int SymbolicLinkNoFollow = 0x100;

    internal const int FileSystemStatusSize = 112;
    internal const int FragmentSizeOffset = 8;
    internal const int AvailableBlocksOffset = 32;

    private const int TypeBits = 0xF000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint statx(nint number, SafeHandle dirfd, byte* pathname, int flags, uint mask, byte* buffer);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fstatvfs(SafeHandle fd, byte* buffer);

    /// <summary>The status of an open file.</summary>
    /// <exception cref="NativeException">The file system failed (EIO, ESTALE).</exception>
    internal static FileStatus Status(SafeHandle file)
    {
        var buffer = stackalloc byte[StatusSize];
        byte emptyPath = 0;
        Required(nameof(statx), statx(SystemCall.StatX, file, &emptyPath, EmptyPath, StatusBasic, buffer));
        return ReadStatus(buffer);
    }

    /// <summary>The status of a name, of the link itself where it is a symbolic link.</summary>
    /// <returns><see cref="Errno.None"/>; or no entry, access denied, and for the name itself as <see cref="Open"/>.</returns>
    internal static Errno StatusOf(FileDescriptor directory, ReadOnlySpan<byte> path, out FileStatus status)
    {
        status = default;
        var text = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return refused;
        var buffer = stackalloc byte[StatusSize];
        var result = Value(nameof(statx), statx(SystemCall.StatX, directory, text, SymbolicLinkNoFollow, StatusBasic, buffer));
        if (result.IsOk)
            status = ReadStatus(buffer);
        return result.Error;
    }

    /// <summary>How many bytes a process without privileges may still write to the file system of an open file.</summary>
    internal static long FreeBytes(SafeHandle file)
    {
        // Room for other C libraries' padding.
        var buffer = stackalloc byte[2 * FileSystemStatusSize];
        Required(nameof(fstatvfs), fstatvfs(file, buffer));
        var bytes = (UInt128)Unsafe.ReadUnaligned<ulong>(buffer + FragmentSizeOffset)
            * Unsafe.ReadUnaligned<ulong>(buffer + AvailableBlocksOffset);
        return (long)UInt128.Min(bytes, long.MaxValue);
    }

    private static FileStatus ReadStatus(byte* status)
    {
        var mode = Unsafe.ReadUnaligned<ushort>(status + StatusModeOffset);
        return new(
            Type: (FileType)(mode & TypeBits),
            Permissions: mode & ~TypeBits,
            Owner: Unsafe.ReadUnaligned<uint>(status + StatusOwnerOffset),
            Size: Unsafe.ReadUnaligned<long>(status + StatusSizeOffset),
            ModifiedNs: ReadTime(status + StatusModifiedOffset),
            ChangedNs: ReadTime(status + StatusChangedOffset),
            Inode: Unsafe.ReadUnaligned<ulong>(status + StatusInodeOffset),
            Device: (ulong)Unsafe.ReadUnaligned<uint>(status + StatusDeviceMajorOffset) << 32
                | Unsafe.ReadUnaligned<uint>(status + StatusDeviceMinorOffset));
    }

    // struct statx_timestamp { int64_t tv_sec; uint32_t tv_nsec; }. Unchecked: a forged time stamp may wrap, and is only compared.
    private static long ReadTime(byte* timestamp) =>
        unchecked(Unsafe.ReadUnaligned<long>(timestamp) * NanosecondsPerSecond + Unsafe.ReadUnaligned<uint>(timestamp + sizeof(long)));
}
