using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>sendfile(2), splice(2), pipe2(2): bytes that never enter user space.</content>
internal static unsafe partial class Libc
{
    internal const int PipeCloseOnExec = 0x80000;
    internal const uint SpliceMove = 1;
    internal const uint SpliceNonBlocking = 2;
    internal const uint SpliceMore = 4;

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint sendfile(SafeHandle out_fd, SafeHandle in_fd, long* offset, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint splice(SafeHandle fd_in, long* off_in, SafeHandle fd_out, long* off_out, nuint len, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int pipe2(int* pipefd, int flags);

    /// <summary>Queues a part of a file on a socket, or moves it into a pipe or file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="file">A regular file; its own position is left alone.</param>
    /// <param name="offset">Where in the file to begin, in bytes.</param>
    /// <param name="count">At most how many bytes; the kernel moves at most 2 GiB - 4 KiB at once.</param>
    /// <returns>
    /// How many bytes, 0 at or behind the end of the file: with bytes still owed, the file has shrunk. Or would block, broken pipe,
    /// connection reset, an I/O error; <see cref="Errno.InvalidArgument"/> where the file system cannot do it.
    /// </returns>
    internal static IoResult SendFile(SafeHandle output, SafeHandle file, long offset, long count)
    {
        IoResult result;
        do
        {
            var position = offset;
            result = Value(nameof(sendfile), sendfile(output, file, &position, (nuint)count), Errno.InvalidArgument);
        }
        while (result.Error == Errno.Interrupted);
        return result;
    }

    /// <summary>Moves bytes between two descriptors, at least one of them a pipe.</summary>
    /// <param name="input">Where from.</param>
    /// <param name="inputOffset">Where in a file to begin, in bytes; null for a pipe or socket.</param>
    /// <param name="output">Where to.</param>
    /// <param name="outputOffset">Likewise.</param>
    /// <param name="count">At most how many bytes.</param>
    /// <param name="more">More follows at once, so a socket need not send a partial segment yet.</param>
    /// <returns>
    /// How many bytes, 0 at the end of the input. Or would block (either side: the pipe never waits), broken pipe, connection reset, no
    /// space, an I/O error; <see cref="Errno.InvalidArgument"/> where one side cannot splice.
    /// </returns>
    internal static IoResult Splice(
        SafeHandle input, long? inputOffset, SafeHandle output, long? outputOffset, long count, bool more = false)
    {
        var flags = SpliceMove | SpliceNonBlocking | (more ? SpliceMore : 0);
        IoResult result;
        do
        {
            var from = inputOffset ?? 0;
            var to = outputOffset ?? 0;
            result = Value(
                nameof(splice),
                splice(input, inputOffset is null ? null : &from, output, outputOffset is null ? null : &to, (nuint)count, flags),
                Errno.InvalidArgument);
        }
        while (result.Error == Errno.Interrupted);
        return result;
    }

    /// <summary>Makes a pipe. Non-blocking.</summary>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    internal static (PipeEnd Reading, PipeEnd Writing) CreatePipe()
    {
        var numbers = stackalloc int[2];
        Required(nameof(pipe2), pipe2(numbers, PipeCloseOnExec | NonBlocking));
        return (Own<PipeEnd>(numbers[0]), Own<PipeEnd>(numbers[1]));
    }

    /// <summary>Sets how many bytes a pipe holds.</summary>
    /// <param name="pipe">Either end.</param>
    /// <param name="bytes">
    /// Rounded up by the kernel to a power of two pages; without privileges at most fs.pipe-max-size, 1 MiB by default.
    /// </param>
    /// <returns>The size in force; or not permitted, out of memory, busy (it holds more than that now).</returns>
    internal static IoResult ResizePipe(PipeEnd pipe, int bytes) => Value(nameof(fcntl), fcntl(pipe, SetPipeSize, bytes));
}
