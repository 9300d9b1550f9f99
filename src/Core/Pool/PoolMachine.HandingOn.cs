namespace Trainyard.Core.Pool;

// What becomes of connections once the pool no longer runs: a successor is given them, or they are rejected.
public static partial class PoolMachine
{
    /// <summary>A connection that nobody serves any more here. It must already be in no map.</summary>
    private static PoolStep TurnAway(PoolStep step, ConnectionId connection, Custody custody)
    {
        var state = step.State;
        if (!state.HasSuccessor)
            return Reject(step, connection, custody.Peer, RejectReason.ShuttingDown);
        var handing = new Custody.HandingOn(custody.Arrived, custody.Offers, custody.Peer);
        return step.With(
            state with { HandingOn = state.HandingOn.AddOrUpdate(connection.Value, handing) },
            new PoolCommand.HandOn(connection));
    }

    private static PoolStep TurnAwayWaiting(PoolStep step)
    {
        var waiting = step.State.Waiting;
        step = step.With(step.State with { Waiting = waiting.Clear() });
        foreach (var (number, custody) in waiting)
            step = TurnAway(step, new(number), custody);
        return step;
    }

    /// <summary>The successor has it: custody ends.</summary>
    private static PoolStep Part(PoolStep step, ConnectionId connection)
    {
        var state = step.State;
        if (state.HandingOn.Find(connection.Value).Case is not Custody.HandingOn handing)
            return step;
        state = state with
        {
            HandingOn = state.HandingOn.Remove(connection.Value),
            Tally = state.Tally with { HandedOn = state.Tally.HandedOn + 1 },
        };
        return step.With(Leave(state, handing.Peer), new PoolCommand.Release(connection));
    }

    /// <summary>The successor does not have it. Nobody else is there to serve it.</summary>
    private static PoolStep Keep(PoolStep step, ConnectionId connection)
    {
        var state = step.State;
        if (state.HandingOn.Find(connection.Value).Case is not Custody.HandingOn handing)
            return step;
        state = state with { HandingOn = state.HandingOn.Remove(connection.Value) };
        return Reject(step.With(state), connection, handing.Peer, RejectReason.ShuttingDown);
    }
}
