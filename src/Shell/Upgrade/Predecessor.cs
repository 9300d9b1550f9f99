using System.Net;
using Trainyard.Core.Custody;
using Trainyard.Core.Succession;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;
using Trainyard.Shell.Systemd;

namespace Trainyard.Shell.Upgrade;

/// <summary>The old master as the new one sees it: the lane to it, and the listeners that came from it.</summary>
internal sealed class Predecessor : IDisposable
{
    /// <summary>Set for a successor alone: the lane is descriptor <see cref="LaneNumber"/>, and the version of this agreement is 1.</summary>
    internal const string Variable = "TRAINYARD_SUCCESSOR";

    internal const string VariableValue = "1";
    internal const int LaneNumber = 3;

    private const int FirstMessageWithinMs = 10_000;

    private Predecessor(SuccessionChannel lane, int pid, IReadOnlyList<Listener> listeners)
    {
        Lane = lane;
        Pid = pid;
        Listeners = listeners;
    }

    /// <summary>The lane to it.</summary>
    public SuccessionChannel Lane { get; }

    /// <summary>Whether the lane is still being waited for.</summary>
    public bool LaneOpen { get; set; } = true;

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>What it listens on, and we with it; the pool that serves owns them.</summary>
    public IReadOnlyList<Listener> Listeners { get; }

    /// <summary>Takes the listeners over where this process was started as a successor.</summary>
    /// <returns><c>null</c> where it was not.</returns>
    /// <exception cref="TransferException">It was, but what came over the lane cannot be used (<see cref="TransferFailure.Listen"/>).</exception>
    public static Predecessor? TakeFromEnvironment()
    {
        if (SystemdNotifier.Take(Variable) is not { } agreement)
            return null;
        if (agreement != VariableValue)
            throw Failure($"{Variable} is '{agreement}', which this version does not know");
        var adopted = Libc.Adopt<SocketDescriptor>(LaneNumber);
        if (!adopted.IsOk || !Libc.IsSocket(adopted.Descriptor)
            || Libc.GetOption(adopted.Descriptor, SocketOption.Type) != (int)LaneKind.Packets)
            throw Failure($"descriptor {LaneNumber} is no lane to a master");
        var lane = new SuccessionChannel(adopted.Descriptor);
        try
        {
            return Inherit(lane);
        }
        catch (TransferException e)
        {
            _ = lane.Send(new SuccessionMessage.Failed(e.Message));
            lane.Dispose();
            throw;
        }
    }

    /// <summary>Answers for a connection that was handed on. The old master always reads, so that a full lane lasts for moments.</summary>
    public void Answer(SuccessionMessage answer)
    {
        while (Lane.Send(answer).WouldBlock)
            Libc.Poll(Lane.Socket, PollEvents.Writable, FirstMessageWithinMs);
    }

    /// <summary>Says that nothing will come of it, and lets go of the lane and the listeners.</summary>
    public void Refuse(string reason)
    {
        Answer(new SuccessionMessage.Failed(reason));
        foreach (var listener in Listeners)
            listener.Dispose();
        Dispose();
    }

    /// <summary>Reads a connection's client address; <c>null</c> on a Unix socket.</summary>
    public static IPEndPoint? PeerOf(SocketDescriptor socket, string told) =>
        Libc.RemoteEndPoint(socket) ?? (IPEndPoint.TryParse(told, out var peer) ? peer : null);

    /// <inheritdoc/>
    public void Dispose() => Lane.Dispose();

    private static Predecessor Inherit(SuccessionChannel lane)
    {
        // It was sent before this process began; a lane that stays empty belongs to nobody.
        if (Libc.Poll(lane.Socket, PollEvents.Readable, FirstMessageWithinMs) == PollEvents.None)
            throw Failure("the old master says nothing");
        switch (lane.Receive())
        {
            case SuccessionReceipt.Message(SuccessionMessage.Inherit(_, var journal, _), var descriptors) when !JournalSlot.CanRead(journal):
                SuccessionReceipt.Close(descriptors);
                throw Failure($"its journal has version {journal}, which this release cannot read: drain and restart it instead");
            case SuccessionReceipt.Message(SuccessionMessage.Inherit(var pid, _, var names), var descriptors)
                when descriptors.Count == names.Count && descriptors.Count > 0:
                return new(lane, pid, Adopt(descriptors, [.. names]));
            case SuccessionReceipt.Message(var message, var descriptors):
                SuccessionReceipt.Close(descriptors);
                throw Failure($"the old master says {message.GetType().Name} with {descriptors.Count} descriptors");
            case SuccessionReceipt.Broken(var error):
                throw Failure($"the old master speaks another language: {error}");
            default:
                throw Failure("the old master has gone");
        }
    }

    private static Listener[] Adopt(IReadOnlyList<Descriptor> descriptors, InheritedListener[] told) =>
        [.. descriptors.Select((descriptor, i) => Listener.Adopt(
            SocketDescriptor.From(descriptor), $"inherited listener {told[i].Address}", told[i].IsOwnPath ? told[i].Address : null))];

    private static TransferException Failure(string why) => new(TransferFailure.Listen, $"cannot succeed the running server: {why}");
}
