using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>fchmod(2), fchmodat(2), utimensat(2), fgetxattr(2), fsetxattr(2), flock(2).</content>
internal static unsafe partial class Libc
{
    internal const long TimeOmit = 0x3FFFFFFE;
    internal const int LockShared = 1;
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;
    internal const int LockRelease = 8;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fchmod(SafeHandle fd, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fchmodat(SafeHandle dirfd, byte* pathname, uint mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int futimens(SafeHandle fd, TimeSpecification* times);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int utimensat(SafeHandle dirfd, byte* pathname, TimeSpecification* times, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint fgetxattr(SafeHandle fd, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsetxattr(SafeHandle fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int flock(SafeHandle fd, int operation);

    /// <summary>Sets the permissions of an open file.</summary>
    /// <param name="file">Open in any way but as <see cref="OpenFlags.Path"/>.</param>
    /// <param name="mode">The low twelve bits of its mode. No umask is applied.</param>
    /// <returns><see cref="Errno.None"/>; or not permitted, read-only file system, ...</returns>
    internal static Errno SetMode(SafeHandle file, int mode) => Value(nameof(fchmod), fchmod(file, (uint)mode)).Error;

    /// <summary>Sets the permissions of a file or directory that need not be readable.</summary>
    /// <param name="handle">Opened as <see cref="OpenFlags.Path"/>; no symbolic link.</param>
    /// <param name="mode">As for <see cref="SetMode"/>.</param>
    /// <returns>As <see cref="SetMode"/>; and no entry where /proc is not mounted.</returns>
    internal static Errno SetModeOfHandle(FileDescriptor handle, int mode)
    {
        using var held = new HeldDescriptor(handle);
        fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/self/fd/{held.Number}\0"))
            return Value(nameof(fchmodat), fchmodat(FileDescriptor.WorkingDirectory, path, (uint)mode, 0)).Error;
    }

    /// <summary>Sets the time of modification of an open file.</summary>
    /// <param name="file">Open in any way but as <see cref="OpenFlags.Path"/>.</param>
    /// <param name="modifiedNs">Nanoseconds since 1970; the file system may round it or keep it within its bounds.</param>
    /// <returns><see cref="Errno.None"/>; or not permitted, read-only file system, ...</returns>
    internal static Errno SetModified(SafeHandle file, long modifiedNs)
    {
        var times = stackalloc TimeSpecification[] { new(0, TimeOmit), TimeSpecification.Of(modifiedNs) };
        return Value(nameof(futimens), futimens(file, times)).Error;
    }

    /// <summary>Sets the time of modification of a name, of the link itself where it is a symbolic link.</summary>
    /// <returns>As <see cref="SetModified"/>; and no entry, and for the name itself as <see cref="Open"/>.</returns>
    internal static Errno SetModifiedOf(FileDescriptor directory, ReadOnlySpan<byte> path, long modifiedNs)
    {
        var text = stackalloc byte[PathLimit];
        if (Terminate(path, text) is var refused and not Errno.None)
            return refused;
        var times = stackalloc TimeSpecification[] { new(0, TimeOmit), TimeSpecification.Of(modifiedNs) };
        return Value(nameof(utimensat), utimensat(directory, text, times, SymbolicLinkNoFollow)).Error;
    }

    /// <summary>Reads an extended attribute (xattr(7)).</summary>
    /// <param name="file">Open for reading or writing.</param>
    /// <param name="name">With its name space and a terminating zero: <c>"user.x\0"u8</c>.</param>
    /// <param name="value">Room for it, not empty.</param>
    /// <returns>Its bytes; or no data where there is none, not supported by the file system, out of range where it does not fit.</returns>
    internal static IoResult GetAttribute(FileDescriptor file, ReadOnlySpan<byte> name, Span<byte> value)
    {
        fixed (byte* nameText = name, bytes = value)
            return Value(nameof(fgetxattr), fgetxattr(file, nameText, bytes, (nuint)value.Length));
    }

    /// <summary>Writes an extended attribute, in place of the one that is there. The file's time of change becomes now.</summary>
    /// <param name="file">Open for reading or writing.</param>
    /// <param name="name">As for <see cref="GetAttribute"/>.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns><see cref="Errno.None"/>; or not supported by the file system, no space, access denied, ...</returns>
    internal static Errno SetAttribute(FileDescriptor file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* nameText = name, bytes = value)
            return Value(nameof(fsetxattr), fsetxattr(file, nameText, bytes, (nuint)value.Length, 0)).Error;
    }

    /// <summary>Takes an advisory lock, or turns one into the other kind. It belongs to the open file, and goes with its last descriptor.</summary>
    /// <param name="file">Open in any way but as <see cref="OpenFlags.Path"/>.</param>
    /// <param name="exclusive">Alone; else beside other shared ones.</param>
    /// <returns>
    /// <see cref="Errno.None"/>; <see cref="Errno.WouldBlock"/> when somebody else has it (never waits; turning one kind into the other may then
    /// have let it go); or no locks left.
    /// </returns>
    internal static Errno TryLock(FileDescriptor file, bool exclusive)
    {
        IoResult result;
        do
            result = Value(nameof(flock), flock(file, (exclusive ? LockExclusive : LockShared) | LockNonBlocking));
        while (result.Error == Errno.Interrupted);
        return result.Error;
    }

    /// <summary>Lets an advisory lock go.</summary>
    internal static void Unlock(FileDescriptor file) => Required(nameof(flock), flock(file, LockRelease));

    /// <summary>struct timespec of a 64-bit machine.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct TimeSpecification(long seconds, long nanoseconds)
    {
        internal readonly long Seconds = seconds;
        internal readonly long Nanoseconds = nanoseconds;

        internal static TimeSpecification Of(long sinceEpochNs)
        {
            var (seconds, rest) = Math.DivRem(sinceEpochNs, NanosecondsPerSecond);
            return rest < 0 ? new(seconds - 1, rest + NanosecondsPerSecond) : new(seconds, rest);
        }
    }
}
