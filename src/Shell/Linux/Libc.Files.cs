using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>ftruncate(2), fallocate(2), fsync(2), syncfs(2), sync_file_range(2), posix_fadvise(2).</content>
internal static unsafe partial class Libc
{
    internal const int KeepSize = 1;
    internal const uint SyncFileRangeWrite = 2;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ftruncate(SafeHandle fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fallocate(SafeHandle fd, int mode, long offset, long len);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsync(SafeHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int syncfs(SafeHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sync_file_range(SafeHandle fd, long offset, long nbytes, uint flags);

    [LibraryImport(Library)]
    private static partial int posix_fadvise(SafeHandle fd, long offset, long len, int advice);

    /// <summary>Cuts a file, or lengthens it with zeros that take no space.</summary>
    /// <param name="file">Open for writing.</param>
    /// <param name="length">Its new size in bytes, <c>0 ..</c>.</param>
    /// <returns><see cref="Errno.None"/>; or file too big, an I/O error, ...</returns>
    internal static Errno Truncate(SafeHandle file, long length)
    {
        IoResult result;
        do
            result = Value(nameof(ftruncate), ftruncate(file, length));
        while (result.Error == Errno.Interrupted);
        return result.Error;
    }

    /// <summary>Reserves space, so that writing there cannot fail for want of it.</summary>
    /// <param name="file">Open for writing.</param>
    /// <param name="offset">Where the reserved range begins, in bytes.</param>
    /// <param name="count">Bytes to reserve, <c>1 ..</c>.</param>
    /// <param name="keepSize">Leave the file's size as it is (FALLOC_FL_KEEP_SIZE); else it grows to the end of the range.</param>
    /// <returns><see cref="Errno.None"/>; or no space, quota exceeded, file too big, not supported by the file system.</returns>
    internal static Errno Allocate(SafeHandle file, long offset, long count, bool keepSize)
    {
        IoResult result;
        do
            result = Value(nameof(fallocate), fallocate(file, keepSize ? KeepSize : 0, offset, count));
        while (result.Error == Errno.Interrupted);
        return result.Error;
    }

    /// <summary>Waits until a file's bytes, or a directory's names, are on the disk.</summary>
    /// <returns>
    /// <see cref="Errno.None"/>; or an I/O error, no space, quota exceeded: the bytes may be lost, and asking again does not bring them
    /// back.
    /// </returns>
    internal static Errno Synchronize(SafeHandle file)
    {
        IoResult result;
        do
            result = Value(nameof(fsync), fsync(file), Errno.InvalidArgument);
        while (result.Error == Errno.Interrupted);
        return result.Error;
    }

    /// <summary>Brings all that was written to a file system to the disk, by whomever, and waits.</summary>
    /// <param name="file">Any file of it, open (not as <see cref="OpenFlags.Path"/>) since before what matters was written.</param>
    /// <returns><see cref="Errno.None"/>; or an I/O error, no space, of any file of it since that was opened (Linux 5.8; before, errors are not told).</returns>
    internal static Errno SynchronizeFileSystem(SafeHandle file)
    {
        IoResult result;
        do
            result = Value(nameof(syncfs), syncfs(file));
        while (result.Error == Errno.Interrupted);
        return result.Error;
    }

    /// <summary>Begins to write a part of a file to the disk and does not wait, so that <see cref="Synchronize"/> has less to do. A hint: refusals do not matter.</summary>
    /// <param name="file">Any open file.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">Its bytes; 0 means up to the end of the file.</param>
    internal static void BeginWriteback(SafeHandle file, long offset, long count) => _ = sync_file_range(file, offset, count, SyncFileRangeWrite);

    /// <summary>Tells the cache how a part of a file will be used. A hint: refusals do not matter and are not reported.</summary>
    /// <param name="file">Any open file.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">Its bytes; 0 means up to the end of the file.</param>
    /// <param name="advice">How.</param>
    internal static void Advise(SafeHandle file, long offset, long count, FileAdvice advice) =>
        _ = posix_fadvise(file, offset, count, (int)advice);
}
