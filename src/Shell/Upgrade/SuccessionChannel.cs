using System.Runtime.InteropServices;
using Trainyard.Core.Lane;
using Trainyard.Core.Succession;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Upgrade;

/// <summary>
/// One end of the lane between a master and its successor: a SOCK_SEQPACKET pair (unix(7)), one <see cref="SuccessionMessage"/> a datagram,
/// its descriptors beside it.
/// </summary>
internal sealed class SuccessionChannel(SocketDescriptor socket) : IDisposable
{
    private readonly byte[] _incoming = new byte[SuccessionCodec.MaximumBytes + 1];
    private readonly List<Descriptor> _received = [];

    /// <summary>The descriptor, to wait for; this channel owns it.</summary>
    public SocketDescriptor Socket { get; } = socket;

    /// <summary>Sends a message at once or not at all.</summary>
    /// <returns>EAGAIN where the other end does not read; EPIPE or ECONNRESET where it is gone.</returns>
    public IoResult Send(SuccessionMessage message, params ReadOnlySpan<SafeHandle> descriptors) =>
        Libc.SendWithDescriptors(Socket, SuccessionCodec.Encode(message), descriptors);

    /// <summary>Takes the next message, without waiting.</summary>
    public SuccessionReceipt Receive()
    {
        _received.Clear();
        var result = Libc.ReceiveWithDescriptors(Socket, _incoming, Libc.MaximumDescriptors, _received);
        if (result.WouldBlock)
            return new SuccessionReceipt.Empty();
        if (result.Count == 0)
            return new SuccessionReceipt.Closed();
        Descriptor[] descriptors = [.. _received];
        return SuccessionCodec.Decode(_incoming.AsSpan(0, (int)result.Count)).Match<SuccessionReceipt>(
            Right: message => new SuccessionReceipt.Message(message, descriptors),
            Left: error =>
            {
                SuccessionReceipt.Close(descriptors);
                return new SuccessionReceipt.Broken(error);
            });
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}

/// <summary>What was found on a lane between two masters.</summary>
internal abstract record SuccessionReceipt
{
    private SuccessionReceipt() { }

    /// <summary>A message, and the descriptors that came with it; whoever takes the receipt owns them.</summary>
    public sealed record Message(SuccessionMessage Content, IReadOnlyList<Descriptor> Descriptors) : SuccessionReceipt;

    /// <summary>Nothing at the moment.</summary>
    public sealed record Empty : SuccessionReceipt;

    /// <summary>The other end is closed.</summary>
    public sealed record Closed : SuccessionReceipt;

    /// <summary>Something that is not a message of ours.</summary>
    public sealed record Broken(LaneError Error) : SuccessionReceipt;

    /// <summary>Closes descriptors that nobody has a use for.</summary>
    public static void Close(IEnumerable<Descriptor> descriptors)
    {
        foreach (var descriptor in descriptors)
            descriptor.Dispose();
    }
}
