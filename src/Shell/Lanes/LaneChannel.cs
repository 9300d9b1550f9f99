using System.Runtime.InteropServices;
using Trainyard.Core.Lane;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>
/// One end of a lane: a SOCK_SEQPACKET pair (unix(7)), one or several <see cref="LaneMessage"/>s a datagram, and beside them a descriptor for each that
/// assigns a connection, in the same order. Stream sockets may merge messages that carry descriptors; these do not.
/// </summary>
internal sealed class LaneChannel(Descriptor socket) : IWorkerLane
{
    /// <summary>How many connections one datagram may assign: most of the cost is the datagram's, and the first of them should not wait long for the last.</summary>
    public const int MostAssigned = 16;

    // A full lane is looked at again at least this often, should a wake-up be lost.
    private const int FullLaneWaitMs = 1000;

    // Many ends of short connections, and little of what the kernel queues on a lane.
    private const int MostAtOnce = 2048;

    private readonly byte[] _outgoing = new byte[LaneCodec.MaximumBytes];
    private readonly byte[] _incoming = new byte[LaneCodec.MaximumBytes + 1];
    private readonly List<Descriptor> _received = [];
    private int _taken;
    private int _said;
    private int _start;
    private int _end;

    /// <summary>The descriptor, to wait for; this channel owns it.</summary>
    public Descriptor Socket { get; } = socket;

    /// <inheritdoc/>
    public Descriptor Readable => Socket;

    /// <summary>A connected pair: the first for the master, the second to be inherited by the worker.</summary>
    public static (LaneChannel Ours, Descriptor Theirs) CreatePair()
    {
        var (ours, theirs) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        return (new LaneChannel(ours), theirs);
    }

    /// <summary>Sends a message at once or not at all. For an end that says nothing by <see cref="Say"/>.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="descriptor">A descriptor to pass along; the receiver gets a duplicate.</param>
    /// <returns>EAGAIN where the other end does not read its lane; EPIPE or ECONNRESET where it is gone.</returns>
    public IoResult Send(LaneMessage message, SafeHandle? descriptor = null)
    {
        var length = LaneCodec.Encode(message, _outgoing);
        return Libc.SendWithDescriptors(Socket, _outgoing.AsSpan(0, length), descriptor is null ? [] : [descriptor]);
    }

    /// <summary>As the other form, for several connections: all of them are passed, or none.</summary>
    /// <param name="assigned">Which, at most <see cref="MostAssigned"/>.</param>
    /// <param name="sockets">Their sockets, in the same order.</param>
    public IoResult Send(ReadOnlySpan<LaneMessage.Assign> assigned, ReadOnlySpan<SafeHandle> sockets)
    {
        var length = 0;
        foreach (var message in assigned)
            length += LaneCodec.Encode(message, _outgoing.AsSpan(length));
        return Libc.SendWithDescriptors(Socket, _outgoing.AsSpan(0, length), sockets);
    }

    /// <inheritdoc/>
    public void Say(LaneMessage message)
    {
        if (_said + LaneCodec.LengthOf(message) > MostAtOnce)
            Flush();
        _said += LaneCodec.Encode(message, _outgoing.AsSpan(_said));
    }

    // The master always empties its lanes, so a full one lasts for moments; a closed one is seen by the next look at the lane.
    /// <inheritdoc/>
    public void Flush()
    {
        while (_said > 0 && Libc.SendWithDescriptors(Socket, _outgoing.AsSpan(0, _said), []).WouldBlock)
            Libc.Poll(Socket, PollEvents.Writable, FullLaneWaitMs);
        _said = 0;
    }

    /// <summary>Takes the next message, without waiting.</summary>
    /// <remarks>
    /// Where this process has no descriptor left for one that came along, all messages of that datagram come without: what they were about is not
    /// lost, since the sender keeps its own, and can be refused.
    /// </remarks>
    public LaneReceipt Receive()
    {
        if (_start < _end)
            return Decode();
        DropReceived();
        var result = Libc.ReceiveWithDescriptors(Socket, _incoming, MostAssigned, _received);
        if (result.WouldBlock)
            return new LaneReceipt.Empty();
        if (result.Count == 0)
            return new LaneReceipt.Closed();
        (_start, _end) = (0, (int)result.Count);
        return Decode();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DropReceived();
        Socket.Dispose();
    }

    private LaneReceipt Decode()
    {
        var length = LaneCodec.FirstOf(_incoming.AsSpan(_start.._end));
        var decoded = LaneCodec.Decode(_incoming.AsSpan(_start, length));
        _start += length;
        return decoded.Match<LaneReceipt>(
            Right: message => new LaneReceipt.Message(message, message is LaneMessage.Assign && _taken < _received.Count ? _received[_taken++] : null),
            Left: error => new LaneReceipt.Broken(error));
    }

    // Nobody was told what they are for.
    private void DropReceived()
    {
        while (_taken < _received.Count)
            _received[_taken++].Dispose();
        _received.Clear();
        _taken = 0;
    }
}
