using Trainyard.Core.Pool;
using Trainyard.Core.Protocol;
using Trainyard.Core.Succession;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Upgrade;

/// <content>What comes from the master that started this one.</content>
internal sealed partial class Succession
{
    private List<PoolEvent> ReadPredecessor(Predecessor predecessor)
    {
        var events = new List<PoolEvent>();
        while (predecessor.LaneOpen)
            switch (predecessor.Lane.Receive())
            {
                case SuccessionReceipt.Message(SuccessionMessage.HandOn(var connection, var peer, var journal), var descriptors):
                    if (TakeOver(predecessor, connection, peer, journal, descriptors) is { } taken)
                        events.Add(taken);
                    break;
                case SuccessionReceipt.Message(SuccessionMessage.Relieve, var descriptors):
                    SuccessionReceipt.Close(descriptors);
                    MasterLog.Relieved(_context.Logger, predecessor.Pid);
                    Feed(SuccessionEvent.Relieved);
                    break;
                case SuccessionReceipt.Message(_, var descriptors):
                    SuccessionReceipt.Close(descriptors);
                    break;
                case SuccessionReceipt.Empty:
                    return events;
                default:
                    LosePredecessor(predecessor);
                    break;
            }
        return events;
    }

    private PoolEvent? TakeOver(
        Predecessor predecessor, ConnectionId theirs, string peer, Opaque journal, IReadOnlyList<Descriptor> descriptors)
    {
        if (descriptors.Count != 1)
        {
            SuccessionReceipt.Close(descriptors);
            predecessor.Answer(new SuccessionMessage.NotTaken(theirs));
            return null;
        }
        var socket = SocketDescriptor.From(descriptors[0]);
        var client = Predecessor.PeerOf(socket, peer);
        var ours = _context.Connections.Take(socket, client, journal.Span.ToArray());
        predecessor.Answer(new SuccessionMessage.Taken(theirs));
        return journal.IsEmpty
            ? new PoolEvent.Accepted(ours, PeerKeys.Of(client), MasterEventSource.Now)
            : new PoolEvent.Adopted(ours, PeerKeys.Of(client), MasterEventSource.Now);
    }

    private void LosePredecessor(Predecessor predecessor)
    {
        _context.Poll.Remove(predecessor.Lane.Socket);
        predecessor.LaneOpen = false;
        if (_stage != SuccessionStage.Leading)
            MasterLog.PredecessorGone(_context.Logger, predecessor.Pid);
        Feed(SuccessionEvent.PredecessorGone);
    }
}
