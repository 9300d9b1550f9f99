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
        state = Answered(state, offered) with
        {
            Held = state.Held.AddOrUpdate(connection.Value, new Custody.Serving(worker, offered.Passage with { Headway = Headway.Midway })),
        };
        return step.With(Progressed(state));
    }

    /// <summary>A refusal. One of a connection that was acknowledged before is ignored: its worker may have written to it.</summary>
    private static PoolStep TakeBack(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody.Offered offered || offered.Worker.Value != worker.Value)
            return step;

        state = Shun(LetGo(state, connection, offered), state.IndexOf(worker));
        return SayWhoWaits(DispatchWaiting(HandBack(step.With(state), connection, offered.Passage)), connection);
    }

    /// <summary>A full lane: it waits for an answer of that worker, which makes room. Where none is to come, for as long as after a refusal.</summary>
    private static PoolStep Postpone(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody.Offered offered || offered.Worker.Value != worker.Value)
            return step;

        var passage = offered.Passage with { Offers = offered.Passage.Offers - 1 };
        state = LetGo(state, connection, offered) with { Tally = Uncount(state.Tally, passage) };
        var index = state.IndexOf(worker);
        state = state.Workers[index] is { Unanswered: > 0 and var room } full
            ? state.Put(index, full with { Window = Math.Min(full.Window, room) })
            : Shun(state, index);
        return SayWhoWaits(DispatchWaiting(HandBack(step.With(state), connection, passage)), connection);
    }

    private static PoolState Shun(PoolState state, int index) =>
        state.Put(index, state.Workers[index] with { RefusingUntil = Deadline.After(state.Now, state.Policy.RefusalPause) });

    private static PoolStep Release(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        var state = step.State;
        if (state.Held.Find(connection.Value).Case is not Custody custody || custody.Holder?.Value != worker.Value)
            return step;

        var index = state.IndexOf(worker);
        state = LetGo(state, connection, custody);
        var server = state.Workers[index];
        state = Leave(state, custody.Peer) with
        {
            Workers = state.Workers.SetItem(index, server with { Ended = server.Ended + 1, RefusingUntil = null }),
            Tally = state.Tally with { Completed = state.Tally.Completed + 1 },
            ExhaustedUntil = null,
        };
        return step.With(Progressed(state), new PoolCommand.Release(connection));
    }

    /// <summary>A connection that no worker has: it waits in its place, again, unless that makes no sense.</summary>
    private static PoolStep HandBack(PoolStep step, ConnectionId connection, Passage passage)
    {
        var state = step.State;
        if (!state.IsRunning)
            return TurnAway(step, connection, passage);
        if (passage.Offers >= Math.Max(1, state.Policy.MaximumOffers))
            return Reject(step, connection, passage.Peer, passage.Headway == Headway.Midway ? RejectReason.Interrupted : RejectReason.NobodyTookIt);
        return step.With(Wait(state, connection, passage));
    }

    private static PoolStep SayWhoWaits(PoolStep step, ConnectionId connection) =>
        step.State.Waiting.ContainsKey(connection.Value) || step.State.Resuming.ContainsKey(connection.Value)
            ? step.Say(new PoolCommand.Queue(connection, step.State.Queued))
            : step;

    /// <summary>Ends custody. The connection must already be in no map.</summary>
    private static PoolStep Reject(PoolStep step, ConnectionId connection, PeerKey peer, RejectReason reason)
    {
        var (state, command) = Rejected(step.State, connection, peer, reason);
        return step.With(state, command);
    }

    private static (PoolState State, PoolCommand Command) Rejected(PoolState state, ConnectionId connection, PeerKey peer, RejectReason reason)
    {
        var tally = reason switch
        {
            RejectReason.WorkerDied or RejectReason.Quarantined or RejectReason.Interrupted => state.Tally with { Aborted = state.Tally.Aborted + 1 },
            // Nothing was wanted of it any more: it is over, though it is its server that says so.
            RejectReason.Idle => state.Tally with { Completed = state.Tally.Completed + 1 },
            _ => state.Tally with { Rejected = state.Tally.Rejected + 1 },
        };
        var next = Leave(state, peer) with { Tally = tally, ExhaustedUntil = null };
        return (next, new PoolCommand.Reject(connection, reason, RetryAfter(state.Policy, reason)));
    }

    /// <summary>A time to come back makes sense only where this server had no place, not where it goes or the connection was served.</summary>
    private static TimeSpan RetryAfter(PoolPolicy policy, RejectReason reason) =>
        reason switch
        {
            RejectReason.ShuttingDown or RejectReason.WorkerDied => TimeSpan.Zero,
            RejectReason.Idle or RejectReason.Quarantined or RejectReason.Interrupted => TimeSpan.Zero,
            _ => policy.RetryAfter,
        };

    /// <summary>Counts a connection out.</summary>
    private static PoolState Leave(PoolState state, PeerKey peer) =>
        state.Policy.PerAddress is null ? state : state with { Peers = state.Peers.Remove(peer) };

    private static PoolState Wait(PoolState state, ConnectionId connection, Passage passage) =>
        passage.Headway == Headway.None
            ? state with { Waiting = state.Waiting.AddOrUpdate(connection.Value, new Custody.Waiting(passage)) }
            : state with { Resuming = state.Resuming.AddOrUpdate(connection.Value, new Custody.Resuming(passage)) };

    /// <summary>Takes a connection out of the hands of the living worker that holds it.</summary>
    private static PoolState LetGo(PoolState state, ConnectionId connection, Custody custody)
    {
        state = custody is Custody.Offered offered ? Answered(state, offered) : state;
        var index = state.IndexOf(custody.Holder!.Value);
        var holder = state.Workers[index];
        return state with
        {
            Held = state.Held.Remove(connection.Value),
            Workers = state.Workers.SetItem(index, holder with { Load = holder.Load - 1 }),
        };
    }

    /// <summary>An offer is no longer open.</summary>
    private static PoolState Answered(PoolState state, Custody.Offered offered)
    {
        var index = state.IndexOf(offered.Worker);
        var worker = state.Workers[index];
        return state with
        {
            Offers = state.Offers.Remove(offered.Number),
            Workers = state.Workers.SetItem(index, worker with { Unanswered = worker.Unanswered - 1 }),
        };
    }
}
