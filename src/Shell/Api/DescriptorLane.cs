using Trainyard.Shell.Linux;

namespace Trainyard.Shell;

/// <summary>
/// One end of a pair over which two processes send each other messages and descriptors: SOCK_SEQPACKET (unix(7)), which keeps each
/// message and its descriptors together, with SCM_RIGHTS (cmsg(3)). Non-blocking; one thread at a time in each direction.
/// </summary>
public sealed class DescriptorLane : IDisposable
{
    /// <summary>The most descriptors that one message carries (SCM_MAX_FD).</summary>
    public const int MaximumDescriptors = Libc.MaximumDescriptors;

    private DescriptorLane(Descriptor socket) => Socket = socket;

    /// <summary>The descriptor, to wait for with a <see cref="PollHandle"/>; the lane owns it.</summary>
    public Descriptor Socket { get; }

    /// <summary>Makes a pair: a lane for this process, and the other end for a child to inherit (<see cref="ChildProcess.Start"/>).</summary>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    public static (DescriptorLane Ours, Descriptor Theirs) CreatePair()
    {
        var (ours, theirs) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        return (new DescriptorLane(ours), theirs);
    }

    /// <summary>The lane that this process inherited under a fixed number. Makes it close-on-exec.</summary>
    /// <exception cref="NativeException">Nothing is open under that number (EBADF).</exception>
    public static DescriptorLane Inherited(int number) =>
        new(Libc.Adopt<SocketDescriptor>(number).OrThrow("fcntl"));

    /// <summary>Sends one message, and duplicates of descriptors with it; the sender's stay open.</summary>
    /// <param name="message">At least one byte: an empty message reads as the end of the lane.</param>
    /// <param name="descriptors">At most <see cref="MaximumDescriptors"/>.</param>
    /// <returns>
    /// The bytes sent; <see cref="IoResult.WouldBlock"/> where the lane is full; EPIPE or ECONNRESET where the other end is gone. On any
    /// error nothing was passed.
    /// </returns>
    public IoResult Send(ReadOnlySpan<byte> message, params ReadOnlySpan<Descriptor> descriptors) =>
        Libc.SendWithDescriptors(Socket, message, [.. descriptors]);

    /// <summary>Receives one message and the descriptors that came with it, each close-on-exec.</summary>
    /// <param name="buffer">Room for the longest message that the lane knows.</param>
    /// <param name="received">Gains the descriptors in the order sent; the caller owns them.</param>
    /// <returns>
    /// The bytes of the message, 0 at the end of the lane; <see cref="IoResult.WouldBlock"/>; EMSGSIZE where the message did not fit;
    /// ETOOMANYREFS where descriptors were lost because this process can have no more. After these two the message is gone and what came
    /// with it is closed.
    /// </returns>
    public IoResult Receive(Span<byte> buffer, List<Descriptor> received) =>
        Libc.ReceiveWithDescriptors(Socket, buffer, MaximumDescriptors, received);

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
