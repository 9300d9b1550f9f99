using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>close(2) and fcntl(2).</content>
internal static unsafe partial class Libc
{
    internal const int GetDescriptorFlags = 1;
    internal const int SetDescriptorFlags = 2;
    internal const int GetStatusFlags = 3;
    internal const int SetStatusFlags = 4;
    internal const int DuplicateCloseOnExec = 1030;
    internal const int SetPipeSize = 1031;
    internal const int CloseOnExec = 1;
    internal const int NonBlocking = 0x800;

    [LibraryImport(Library)]
    private static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fcntl(SafeHandle fd, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int fcntl_number(int fd, int command, nint argument);

    /// <summary>For <see cref="Descriptor"/> only: everybody else disposes the handle.</summary>
    internal static bool Close(int number) => close(number) == 0;

    /// <summary>Takes over a descriptor that the spawning process left open under a fixed number, and makes it close-on-exec.</summary>
    /// <param name="number">The agreed number.</param>
    /// <returns>The owner; <see cref="Errno.BadDescriptor"/> when nothing is open under the number.</returns>
    internal static DescriptorResult<T> Adopt<T>(int number) where T : Descriptor, new()
    {
        var flags = fcntl_number(number, GetDescriptorFlags, 0);
        if (flags < 0)
            return new(LastError);
        Required(nameof(fcntl), fcntl_number(number, SetDescriptorFlags, flags | CloseOnExec));
        return new(Own<T>(number));
    }

    /// <summary>A second descriptor of the same open file, under the lowest free number from <paramref name="lowest"/> on.</summary>
    /// <returns>The duplicate; or no more descriptors (EMFILE).</returns>
    internal static DescriptorResult<T> Duplicate<T>(SafeHandle source, int lowest = 0) where T : Descriptor, new() =>
        Owned<T>(nameof(fcntl), fcntl(source, DuplicateCloseOnExec, lowest));

    /// <summary>Makes reads and writes of the open file return EAGAIN instead of waiting, or wait again.</summary>
    /// <remarks>The flag belongs to the open file: every duplicate, in any process, sees it.</remarks>
    internal static void SetNonBlocking(SafeHandle descriptor, bool nonBlocking)
    {
        var flags = (int)Required(nameof(fcntl), fcntl(descriptor, GetStatusFlags, 0));
        var wanted = nonBlocking ? flags | NonBlocking : flags & ~NonBlocking;
        if (wanted != flags)
            Required(nameof(fcntl), fcntl(descriptor, SetStatusFlags, wanted));
    }
}
