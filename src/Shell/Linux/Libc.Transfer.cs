using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>send(2), recv(2), read(2), write(2), pread(2), pwrite(2) and their gathering forms (readv(2)).</content>
internal static unsafe partial class Libc
{
    internal const int NoSignal = 0x4000;
    internal const int DontWait = 0x40;
    internal const int TruncateMessage = 0x20;

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint send(SafeHandle sockfd, byte* buf, nuint len, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint recv(SafeHandle sockfd, byte* buf, nuint len, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint read(SafeHandle fd, byte* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint write(SafeHandle fd, byte* buf, nuint count);

    [LibraryImport(Library)]
    private static partial nint write(int fd, byte* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint pread(SafeHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint pwrite(SafeHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint readv(SafeHandle fd, IoVector* iov, int iovcnt);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint preadv(SafeHandle fd, IoVector* iov, int iovcnt, long offset);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint pwritev(SafeHandle fd, IoVector* iov, int iovcnt, long offset);

    /// <summary>Queues bytes on a connection.</summary>
    /// <returns>How many were queued, possibly fewer than given; or would block, broken pipe, connection reset, ...</returns>
    internal static IoResult Send(SafeHandle socket, ReadOnlySpan<byte> bytes, MessageFlags flags = MessageFlags.None)
    {
        fixed (byte* buffer = bytes)
            return Send(socket, buffer, bytes.Length, flags, Errno.None);
    }

    /// <summary>Queues bytes straight from a mapping.</summary>
    /// <param name="socket">A connection.</param>
    /// <param name="region">The mapping.</param>
    /// <param name="offset">Where in it to begin, in bytes.</param>
    /// <param name="count">How many bytes; they lie inside the mapping.</param>
    /// <param name="flags">As for the other form.</param>
    /// <returns>
    /// As for the other form; and <see cref="Errno.BadAddress"/> when the file was cut to before the page that holds the first byte. A page
    /// that the file's new end lies in reads as zeros behind it, so a caller that must notice compares the file's size as well.
    /// </returns>
    internal static IoResult SendMapped(
        SafeHandle socket, MappedRegion region, long offset, long count, MessageFlags flags = MessageFlags.None)
    {
        region.CheckRange(offset, count);
        var held = false;
        region.DangerousAddRef(ref held);
        try
        {
            return Send(socket, region.Start + offset, count, flags, alsoExpected: Errno.BadAddress);
        }
        finally
        {
            region.DangerousRelease();
        }
    }

    /// <summary>Throws away bytes that have arrived on a TCP connection, without copying them (MSG_TRUNC, tcp(7)).</summary>
    /// <returns>How many, fewer than asked for where fewer were there; or would block, connection reset, ...</returns>
    internal static IoResult Discard(SafeHandle socket, long count)
    {
        var discarded = 0L;
        while (discarded < count)
        {
            IoResult result;
            do
                result = Value(nameof(recv), recv(socket, null, (nuint)Math.Min(count - discarded, int.MaxValue), DontWait | TruncateMessage));
            while (result.Error == Errno.Interrupted);
            if (!result.IsOk || result.Count == 0)
                return discarded > 0 ? new(discarded, Errno.None) : result;
            discarded += result.Count;
        }
        return new(discarded, Errno.None);
    }

    /// <summary>Takes bytes that have arrived.</summary>
    /// <returns>How many, 0 at the end of the stream; or would block, connection reset, ...</returns>
    internal static IoResult Receive(SafeHandle socket, Span<byte> buffer, MessageFlags flags = MessageFlags.None)
    {
        fixed (byte* bytes = buffer)
        {
            IoResult result;
            do
                result = Value(nameof(recv), recv(socket, bytes, (nuint)buffer.Length, (int)flags));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Reads from a pipe or another descriptor without positions.</summary>
    /// <returns>How many bytes, 0 at the end; or would block, an I/O error.</returns>
    internal static IoResult Read(SafeHandle descriptor, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            IoResult result;
            do
                result = Value(nameof(read), read(descriptor, bytes, (nuint)buffer.Length));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Writes to a pipe or another descriptor without positions.</summary>
    /// <returns>How many bytes, possibly fewer than given; or would block, broken pipe, ...</returns>
    internal static IoResult Write(SafeHandle descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            IoResult result;
            do
                result = Value(nameof(write), write(descriptor, buffer, (nuint)bytes.Length));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Writes a line to the standard error of this process, as far as it goes, without loading or opening anything.</summary>
    /// <remarks>System.Console is an assembly of its own: where the descriptors have run out, it cannot be loaded any more.</remarks>
    internal static void WriteToStandardError(ReadOnlySpan<byte> line)
    {
        fixed (byte* buffer = line)
            _ = write(2, buffer, (nuint)line.Length);
    }

    /// <summary>Reads from a position of a file.</summary>
    /// <returns>How many bytes, 0 at or behind the end of the file; or an I/O error.</returns>
    internal static IoResult ReadAt(SafeHandle file, Span<byte> buffer, long offset)
    {
        fixed (byte* bytes = buffer)
        {
            IoResult result;
            do
                result = Value(nameof(pread), pread(file, bytes, (nuint)buffer.Length, offset));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Writes at a position of a file.</summary>
    /// <returns>How many bytes, possibly fewer than given; or no space, quota exceeded, file too big, an I/O error.</returns>
    internal static IoResult WriteAt(SafeHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* buffer = bytes)
        {
            IoResult result;
            do
                result = Value(nameof(pwrite), pwrite(file, buffer, (nuint)bytes.Length, offset));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Fills several pieces from a socket or pipe, in order.</summary>
    /// <param name="descriptor">What to read.</param>
    /// <param name="pieces">At most <see cref="IoVector.MaximumCount"/>.</param>
    /// <returns>As for <see cref="Read"/>.</returns>
    internal static IoResult ReadScattered(SafeHandle descriptor, ReadOnlySpan<IoVector> pieces)
    {
        fixed (IoVector* vector = pieces)
        {
            IoResult result;
            do
                result = Value(nameof(readv), readv(descriptor, vector, pieces.Length), alsoExpected: Errno.BadAddress);
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Fills several pieces from a position of a file, in order.</summary>
    /// <returns>As for <see cref="ReadAt"/>.</returns>
    internal static IoResult ReadScatteredAt(SafeHandle file, ReadOnlySpan<IoVector> pieces, long offset)
    {
        fixed (IoVector* vector = pieces)
        {
            IoResult result;
            do
                result = Value(nameof(preadv), preadv(file, vector, pieces.Length, offset));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Writes several pieces at a position of a file, in order.</summary>
    /// <returns>As for <see cref="WriteAt"/>.</returns>
    internal static IoResult WriteGatheredAt(SafeHandle file, ReadOnlySpan<IoVector> pieces, long offset)
    {
        fixed (IoVector* vector = pieces)
        {
            IoResult result;
            do
                result = Value(nameof(pwritev), pwritev(file, vector, pieces.Length, offset));
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    private static IoResult Send(SafeHandle socket, byte* bytes, long count, MessageFlags flags, Errno alsoExpected)
    {
        IoResult result;
        do
            result = Value(nameof(send), send(socket, bytes, (nuint)count, (int)flags | NoSignal), alsoExpected);
        while (result.Error == Errno.Interrupted);
        return result;
    }
}
