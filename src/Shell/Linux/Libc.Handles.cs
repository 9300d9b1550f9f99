using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>What is open as a place only (O_PATH, open(2)): opening it for good and setting its time, by way of /proc/self/fd (proc_pid_fd(5)).</content>
internal static unsafe partial class Libc
{
    /// <summary>Opens for reading or writing what is open as a place only: the same inode, whatever its name means by now.</summary>
    /// <param name="handle">Opened as <see cref="OpenFlags.Path"/>; no symbolic link.</param>
    /// <param name="flags">How.</param>
    /// <returns>As <see cref="Open"/>; no entry where /proc is not mounted.</returns>
    internal static DescriptorResult<FileDescriptor> Reopen(FileDescriptor handle, OpenFlags flags)
    {
        using var held = new HeldDescriptor(handle);
        return Open(FileDescriptor.WorkingDirectory, Encoding.ASCII.GetBytes($"/proc/self/fd/{held.Number}"), flags);
    }

    /// <summary>Sets the time of modification of a file or directory that need not be readable.</summary>
    /// <param name="handle">As for <see cref="Reopen"/>.</param>
    /// <param name="modifiedNs">Nanoseconds since 1970.</param>
    /// <returns>As <see cref="SetModified"/>; and no entry where /proc is not mounted.</returns>
    internal static Errno SetModifiedOfHandle(FileDescriptor handle, long modifiedNs)
    {
        using var held = new HeldDescriptor(handle);
        var times = stackalloc TimeSpecification[] { new(0, TimeOmit), TimeSpecification.Of(modifiedNs) };
        fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/self/fd/{held.Number}\0"))
            return Value(nameof(utimensat), utimensat(FileDescriptor.WorkingDirectory, path, times, 0)).Error;
    }
}
