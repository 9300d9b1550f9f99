using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>sendmsg(2), recvmsg(2): gathered sends, and descriptors as ancillary data (unix(7), cmsg(3)).</content>
internal static unsafe partial class Libc
{
    /// <summary>The most descriptors that one message carries (SCM_MAX_FD).</summary>
    internal const int MaximumDescriptors = 253;

    internal const int RightsMessage = 1;
    internal const int ControlTruncated = 0x8;
    internal const int MessageTruncated = 0x20;
    internal const int ControlCloseOnExec = 0x40000000;

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint sendmsg(SafeHandle sockfd, MessageHeader* msg, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint recvmsg(SafeHandle sockfd, MessageHeader* msg, int flags);

    /// <summary>Queues several pieces on a connection, in order.</summary>
    /// <param name="socket">A connection.</param>
    /// <param name="pieces">At most <see cref="IoVector.MaximumCount"/>.</param>
    /// <param name="flags">As for <see cref="Send(SafeHandle, ReadOnlySpan{byte}, MessageFlags)"/>.</param>
    /// <returns>
    /// How many bytes of all pieces together; errors as for a plain send, and <see cref="Errno.BadAddress"/> where a piece lies in the
    /// mapping of a file that has become shorter.
    /// </returns>
    internal static IoResult SendGathered(SafeHandle socket, ReadOnlySpan<IoVector> pieces, MessageFlags flags = MessageFlags.None)
    {
        fixed (IoVector* vector = pieces)
        {
            var header = new MessageHeader { Pieces = vector, PieceCount = (nuint)pieces.Length };
            return SendMessage(socket, &header, flags);
        }
    }

    /// <summary>Queues a head and a body with one call.</summary>
    /// <returns>How many bytes of both together; errors as for a plain send.</returns>
    internal static IoResult SendGathered(
        SafeHandle socket, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, MessageFlags flags = MessageFlags.None)
    {
        fixed (byte* headBytes = head, bodyBytes = body)
            return SendGathered(socket, [new(headBytes, (nuint)head.Length), new(bodyBytes, (nuint)body.Length)], flags);
    }

    /// <summary>Sends one message and, with it, duplicates of descriptors; our own stay open.</summary>
    /// <param name="socket">A Unix socket.</param>
    /// <param name="message">At least one byte, since an empty message reads as the end of the lane.</param>
    /// <param name="descriptors">At most <see cref="MaximumDescriptors"/>.</param>
    /// <returns>
    /// The bytes sent; or would block (the lane is full), broken pipe or connection reset (the other side has gone), too many references
    /// (descriptors in flight), no buffer space. On any error nothing was passed.
    /// </returns>
    internal static IoResult SendWithDescriptors(SafeHandle socket, ReadOnlySpan<byte> message, ReadOnlySpan<SafeHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfZero(message.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaximumDescriptors);
        var control = stackalloc byte[ControlSpace(descriptors.Length)];
        var held = 0;
        try
        {
            var numbers = (int*)(control + sizeof(ControlHeader));
            foreach (var descriptor in descriptors)
            {
                var isHeld = false;
                descriptor.DangerousAddRef(ref isHeld);
                numbers[held++] = (int)descriptor.DangerousGetHandle();
            }
            fixed (byte* bytes = message)
            {
                var piece = new IoVector(bytes, (nuint)message.Length);
                var header = new MessageHeader { Pieces = &piece, PieceCount = 1 };
                if (held > 0)
                {
                    // The kernel counts the descriptors from cmsg_len, so it is the unpadded length.
                    *(ControlHeader*)control = new(ControlLength(held), SocketOption.LevelSocket, RightsMessage);
                    header.Control = control;
                    header.ControlLength = (nuint)ControlSpace(held);
                }
                return SendMessage(socket, &header, MessageFlags.None);
            }
        }
        finally
        {
            foreach (var descriptor in descriptors[..held])
                descriptor.DangerousRelease();
        }
    }

    /// <summary>Receives one message and the descriptors that came with it, each close-on-exec.</summary>
    /// <param name="socket">A Unix socket.</param>
    /// <param name="buffer">Room for the longest message that the lane knows.</param>
    /// <param name="maximumDescriptors">How many descriptors a message may bring, <c>0 ..= 253</c>.</param>
    /// <param name="received">Gains the descriptors, in the order sent, when the call succeeds; the caller owns them.</param>
    /// <returns>
    /// The bytes of the message, 0 at the end of the lane; or would block, connection reset; or <see cref="Errno.MessageTooLong"/>: the
    /// message did not fit the buffer, is gone, and whatever came with it is closed; or <see cref="Errno.TooManyReferences"/>, with the
    /// bytes of the message as the count: descriptors were lost, because they were more than the maximum or our table is full. Those that
    /// did arrive are closed; the message itself is whole, and its receiver can say that it could not take what came with it.
    /// </returns>
    internal static IoResult ReceiveWithDescriptors(
        SafeHandle socket, Span<byte> buffer, int maximumDescriptors, List<Descriptor> received)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumDescriptors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumDescriptors, MaximumDescriptors);
        // The list grows before the call, so that nothing but the owners themselves is allocated between arrival and wrapping.
        received.EnsureCapacity(received.Count + maximumDescriptors);
        var control = stackalloc byte[ControlSpace(MaximumDescriptors)];
        fixed (byte* bytes = buffer)
        {
            var piece = new IoVector(bytes, (nuint)buffer.Length);
            MessageHeader header;
            IoResult result;
            do
            {
                // Not the padded space: the kernel would fit one descriptor more than asked for into the padding.
                header = new() { Pieces = &piece, PieceCount = 1, Control = control, ControlLength = ControlLength(maximumDescriptors) };
                result = Value(nameof(recvmsg), recvmsg(socket, &header, ControlCloseOnExec));
            }
            while (result.Error == Errno.Interrupted);
            return result.IsOk ? Judge(result, header, received) : result;
        }
    }

    internal static nuint ControlLength(int descriptors) => (nuint)(sizeof(ControlHeader) + descriptors * sizeof(int));

    internal static int ControlSpace(int descriptors) => (int)Align(ControlLength(descriptors));

    private static IoResult Judge(IoResult result, in MessageHeader header, List<Descriptor> received)
    {
        var before = received.Count;
        WrapAll(header, received);
        var error = (header.Flags & MessageTruncated) != 0 ? Errno.MessageTooLong
            : (header.Flags & ControlTruncated) != 0 ? Errno.TooManyReferences
            : Errno.None;
        if (error == Errno.None)
            return result;
        foreach (var descriptor in CollectionsMarshal.AsSpan(received)[before..])
            descriptor.Dispose();
        received.RemoveRange(before, received.Count - before);
        return new(error == Errno.TooManyReferences ? result.Count : 0, error);
    }

    private static void WrapAll(in MessageHeader header, List<Descriptor> received)
    {
        for (nuint at = 0; at + (nuint)sizeof(ControlHeader) <= header.ControlLength;)
        {
            var entry = (ControlHeader*)(header.Control + at);
            if (entry->Length < (nuint)sizeof(ControlHeader))
                return;
            if (entry->Level == SocketOption.LevelSocket && entry->Type == RightsMessage)
            {
                var numbers = (int*)(entry + 1);
                var count = (int)(entry->Length - (nuint)sizeof(ControlHeader)) / sizeof(int);
                for (var i = 0; i < count; i++)
                    received.Add(new(numbers[i]));
            }
            at += Align(entry->Length);
        }
    }

    private static nuint Align(nuint length) => (length + (nuint)sizeof(nuint) - 1) & ~((nuint)sizeof(nuint) - 1);

    private static IoResult SendMessage(SafeHandle socket, MessageHeader* header, MessageFlags flags)
    {
        IoResult result;
        do
            result = Value(nameof(sendmsg), sendmsg(socket, header, (int)flags | NoSignal), alsoExpected: Errno.BadAddress);
        while (result.Error == Errno.Interrupted);
        return result;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal byte* Name;
        internal uint NameLength;
        internal IoVector* Pieces;
        internal nuint PieceCount;
        internal byte* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct cmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct ControlHeader(nuint length, int level, int type)
    {
        internal readonly nuint Length = length;
        internal readonly int Level = level;
        internal readonly int Type = type;
    }
}
