using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>mmap(2), madvise(2), memfd_create(2).</content>
internal static unsafe partial class Libc
{
    internal const int ProtectRead = 1;
    internal const int ProtectWrite = 2;
    internal const int MapShared = 1;
    internal const uint MemoryCloseOnExec = 1;
    internal const int ForgetAdvice = 4;
    internal const int RemoveAdvice = 9;

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint mmap(void* addr, nuint length, int prot, int flags, SafeHandle fd, long offset);

    [LibraryImport(Library)]
    private static partial int munmap(void* addr, nuint length);

    [LibraryImport(Library)]
    private static partial int madvise(void* addr, nuint length, int advice);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int memfd_create(byte* name, uint flags);

    /// <summary>Makes zeroed memory that other processes can map, once its descriptor is passed to them.</summary>
    /// <param name="name">Shown in /proc, at most 249 bytes; any number may share it.</param>
    /// <param name="length">Bytes, <c>1 ..</c>.</param>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    internal static MemoryDescriptor CreateMemory(string name, long length)
    {
        MemoryDescriptor memory;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            memory = Own<MemoryDescriptor>((int)Required(nameof(memfd_create), memfd_create(text, MemoryCloseOnExec)));
        if (Truncate(memory, length) is var error and not Errno.None)
        {
            memory.Dispose();
            throw new NativeException(nameof(ftruncate), error);
        }
        return memory;
    }

    /// <summary>Maps a part of a file or of shared memory; writes go to all who map it, and to the file.</summary>
    /// <param name="file">Open for reading, and for writing too when <paramref name="writable"/>.</param>
    /// <param name="offset">Where the part begins, in bytes; a multiple of the page size.</param>
    /// <param name="length">Its bytes, <c>1 ..</c>.</param>
    /// <param name="writable">Map for writing too.</param>
    /// <param name="region">The mapping; null after a failure. It outlives <paramref name="file"/>.</param>
    /// <returns><see cref="Errno.None"/>; or out of memory, access denied, no device (the file system cannot map).</returns>
    internal static Errno Map(SafeHandle file, long offset, long length, bool writable, out MappedRegion? region)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var start = mmap(null, (nuint)length, ProtectRead | (writable ? ProtectWrite : 0), MapShared, file, offset);
        region = start == -1 ? null : new((byte*)start, length);
        // Addresses may look negative as numbers, so only -1 is judged.
        return start == -1 ? Value(nameof(mmap), start).Error : Errno.None;
    }

    /// <summary>Tells the kernel how a mapping will be used. A hint: refusals do not matter and are not reported.</summary>
    internal static void Advise(MappedRegion region, FileAdvice advice)
    {
        region.CheckRange(0, region.Length);
        _ = madvise(region.Start, (nuint)region.Length, (int)advice);
    }

    /// <summary>Gives the memory behind a part of shared memory back, for all who map it: it reads as zeros and is made anew when it is touched. A hint, as above.</summary>
    /// <param name="region">A mapping of <see cref="CreateMemory"/>'s.</param>
    /// <param name="offset">Where the part begins, in bytes; a multiple of the page size.</param>
    /// <param name="count">Its bytes.</param>
    internal static void GiveBack(MappedRegion region, long offset, long count)
    {
        region.CheckRange(offset, count);
        _ = madvise(region.Start + offset, (nuint)count, RemoveAdvice);
    }

    /// <summary>Lets go of pages of a mapped file that do not differ from it: they are read from it again when they are touched. A hint, as above.</summary>
    /// <param name="unchanged">For <see cref="ProgramPages"/> only, which knows that: what was written there would be lost.</param>
    internal static void Forget(ProgramPages.MappedRange unchanged) =>
        _ = madvise((void*)unchanged.Start, (nuint)(unchanged.End - unchanged.Start), ForgetAdvice);

    /// <summary>For <see cref="MappedRegion"/> only: everybody else disposes the region.</summary>
    internal static bool Unmap(byte* start, long length) => munmap(start, (nuint)length) == 0;
}
