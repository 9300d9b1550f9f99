using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <content>New connections, and what is done where there is no descriptor left for one.</content>
internal sealed partial class MasterEventSource
{
    private const int AcceptBatch = 64;

    /// <summary>Takes a batch of connections, and none that the pool would have to turn away: it waits better in the kernel.</summary>
    /// <returns>At least how many were taken.</returns>
    private int Accept(int listener, int room)
    {
        var i = 0;
        for (; i < Math.Min(AcceptBatch, room) && listener < _context.Listeners.Count; i++)
        {
            // A connection may have a descriptor only while there is enough left to replace a worker.
            var accepted = _context.Reserve.Refill()
                ? Libc.Accept(_context.Listeners[listener].Socket)
                : new AcceptResult(null, null, Errno.ProcessFileLimit);
            if (accepted.IsOk && _context.Reserve.IsNeeded(accepted.Socket))
            {
                MasterLog.AcceptExhausted(_context.Logger, ErrnoText.Describe(Errno.ProcessFileLimit));
                _context.Farewells.Say(accepted.Socket, RejectReason.OutOfDescriptors);
                accepted.Socket.Dispose();
                MasterLog.RefusedForLackOfDescriptors(_context.Logger, new PeerName(accepted.Peer));
                _pending.Enqueue(new PoolEvent.AcceptExhausted(Now));
                return i;
            }
            if (accepted.IsOk)
                _pending.Enqueue(new PoolEvent.Accepted(_context.Connections.Take(accepted.Socket, accepted.Peer), PeerKeys.Of(accepted.Peer), Now));
            else if (accepted.Error is Errno.ProcessFileLimit or Errno.SystemFileLimit or Errno.NoBufferSpace or Errno.OutOfMemory)
            {
                RefuseOne(_context.Listeners[listener], accepted.Error);
                return i;
            }
            else if (accepted.Error == Errno.WouldBlock)
                break;
        }
        return i;
    }

    private void RefuseOne(Listener listener, Errno cause)
    {
        MasterLog.AcceptExhausted(_context.Logger, ErrnoText.Describe(cause));
        var refused = _context.Reserve.RefuseOne(listener.Socket, _context.Farewells);
        if (refused.IsOk)
            MasterLog.RefusedForLackOfDescriptors(_context.Logger, new PeerName(refused.Peer));
        _pending.Enqueue(new PoolEvent.AcceptExhausted(Now));
    }
}
