using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

// A connection's way through and out of the pool.
public static partial class PoolMachine
{
    private static PoolStep Acknowledge(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody.Offered offered || offered.Worker.Value != worker.Value)
            return step;
        return step.With(Progressed(state with
        {
            Held = state.Held.AddOrUpdate(connection.Value, new Custody.Serving(worker, offered.Arrived, offered.Offers, offered.Peer)),
            Offers = state.Offers.Remove(offered.Number),
        }));
    }

    /// <summary>A refusal. One of a connection that was acknowledged before is ignored: its worker may have written to it.</summary>
    private static PoolStep TakeBack(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody.Offered offered || offered.Worker.Value != worker.Value)
            return step;

        var index = state.IndexOf(worker);
        var refuser = state.Workers[index];
        var until = Deadline.After(state.Now, state.Policy.RefusalPause);
        state = LetGo(state, connection, offered).Put(index, refuser with { Load = refuser.Load - 1, RefusingUntil = until });
        return SayWhoWaits(DispatchWaiting(HandBack(step.With(state), connection, offered)), connection);
    }

    private static PoolStep Release(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody custody || custody.Holder?.Value != worker.Value)
            return step;

        var index = state.IndexOf(worker);
        var server = state.Workers[index];
        state = Leave(LetGo(state, connection, custody), custody.Peer) with
        {
            Workers = state.Workers.SetItem(index, server with
            {
                Load = server.Load - 1,
                Ended = server.Ended + 1,
                RefusingUntil = null,
            }),
            Tally = state.Tally with { Completed = state.Tally.Completed + 1 },
            ExhaustedUntil = null,
        };
        return step.With(Progressed(state), new PoolCommand.Release(connection));
    }

    /// <summary>A connection that no worker has: it waits in its place, again, unless that makes no sense.</summary>
    private static PoolStep HandBack(PoolStep step, ConnectionId connection, Custody custody)
    {
        var state = step.State;
        if (!state.IsRunning)
            return TurnAway(step, connection, custody);
        if (custody.Offers >= state.Policy.MaximumOffers)
            return Reject(step, connection, custody.Peer, RejectReason.NobodyTookIt);
        return step.With(Wait(state, connection, new Custody.Waiting(custody.Arrived, custody.Offers, custody.Peer)));
    }

    private static PoolStep SayWhoWaits(PoolStep step, ConnectionId connection) =>
        step.State.Waiting.ContainsKey(connection.Value)
            ? step.Say(new PoolCommand.Queue(connection, step.State.Waiting.Count))
            : step;

    /// <summary>Ends custody. The connection must already be in no map.</summary>
    private static PoolStep Reject(PoolStep step, ConnectionId connection, PeerKey peer, RejectReason reason)
    {
        var state = step.State;
        var tally = reason == RejectReason.WorkerDied
            ? state.Tally with { Aborted = state.Tally.Aborted + 1 }
            : state.Tally with { Rejected = state.Tally.Rejected + 1 };
        var retryAfter = reason is RejectReason.ShuttingDown or RejectReason.WorkerDied ? TimeSpan.Zero : state.Policy.RetryAfter;
        return step.With(
            Leave(state, peer) with { Tally = tally, ExhaustedUntil = null },
            new PoolCommand.Reject(connection, reason, retryAfter));
    }

    /// <summary>Counts a connection out.</summary>
    private static PoolState Leave(PoolState state, PeerKey peer) =>
        state.Policy.PerAddress is null ? state : state with { Peers = state.Peers.Remove(peer) };

    private static PoolState Wait(PoolState state, ConnectionId connection, Custody.Waiting waiting) =>
        state with { Waiting = state.Waiting.AddOrUpdate(connection.Value, waiting) };

    private static PoolState LetGo(PoolState state, ConnectionId connection, Custody custody) =>
        state with
        {
            Held = state.Held.Remove(connection.Value),
            Offers = custody is Custody.Offered offered ? state.Offers.Remove(offered.Number) : state.Offers,
        };
}
