using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

// A connection's way into the pool, and when no further one is taken.
public static partial class PoolMachine
{
    private static PoolStep Accept(PoolStep step, ConnectionId connection, PeerKey peer)
    {
        var state = step.State;
        if (state.Find(connection) is not null)
            return step;

        if (state.IsRunning && state.Policy.PerAddress is { } most && state.Peers[peer] >= Math.Max(1, most))
            return Reject(step.With(Enter(state, PeerKey.None)), connection, PeerKey.None, RejectReason.TooManyFromAddress);

        state = Enter(state, peer);
        step = step.With(state);
        var arrival = new Passage(state.Now, peer);
        if (!state.IsRunning)
            return HandBack(step, connection, arrival);
        if (NextWorker(state) is >= 0 and var index)
            return Dispatch(step, connection, arrival, index);
        if (state.Queued >= Backlog(state))
            return Reject(step, connection, peer, RejectReason.QueueFull);
        return step.With(Wait(state, connection, arrival), new PoolCommand.Queue(connection, state.Queued + 1));
    }

    /// <summary>One that has begun is refused for nothing: whoever had it before has let go of it.</summary>
    private static PoolStep Adopt(PoolStep step, ConnectionId connection, PeerKey peer) =>
        step.State.Find(connection) is not null
            ? step
            : HandBack(step.With(Enter(step.State, peer)), connection, new Passage(step.State.Now, peer) { Headway = Headway.Midway });

    /// <summary>Counts a connection in: from here on it has to leave.</summary>
    private static PoolState Enter(PoolState state, PeerKey peer)
    {
        state = state with
        {
            Tally = state.Tally with { Accepted = state.Tally.Accepted + 1 },
            Peers = state.Policy.PerAddress is null ? state.Peers : state.Peers.Add(peer),
        };
        return state is { IsRunning: true, Policy.AcceptRate: { } rate } ? Throttle(state, rate) : state;
    }

    /// <summary>Takes a token. With the last one, accepting pauses until there are enough again to be worth it.</summary>
    private static PoolState Throttle(PoolState state, double rate)
    {
        var bucket = state.AcceptBucket.Take(rate, state.Now);
        state = state with { AcceptBucket = bucket };
        if (bucket.Holds(rate, tokens: 1) <= state.Now)
            return state;
        // A pause for each connection would cost more than the connection.
        var enough = Math.Max(1, TokenBucket.Burst(rate) / 100);
        return state with { ThrottledUntil = bucket.Holds(rate, enough) };
    }

    private static PoolStep Exhausted(PoolStep step) =>
        step.State.IsRunning
            ? step.With(step.State with { ExhaustedUntil = Deadline.After(step.State.Now, step.State.Policy.ExhaustedPause) })
            : step;

    /// <summary>Tells the listeners to pause or to go on, where that changes.</summary>
    private static PoolStep Gate(PoolStep step)
    {
        var state = step.State;
        var pause = !state.IsRunning
            || state.ExhaustedUntil is not null
            || state.ThrottledUntil is not null
            || state.Queued >= Backlog(state);
        if (pause == state.AcceptPaused)
            return step;
        return step.With(
            state with { AcceptPaused = pause },
            pause ? new PoolCommand.PauseAccept() : new PoolCommand.ResumeAccept());
    }

    private static int Backlog(PoolState state) => Math.Max(1, state.Policy.Backlog);
}
