namespace Trainyard.Core.Pool;

// What becomes of connections once the pool no longer runs: a successor is given them, or they are rejected.
public static partial class PoolMachine
{
    /// <summary>A connection that nobody serves any more here. It must already be in no map.</summary>
    private static PoolStep TurnAway(PoolStep step, ConnectionId connection, Passage passage)
    {
        var (state, command) = TurnedAway(step.State, connection, passage);
        return step.With(state, command);
    }

    private static (PoolState State, PoolCommand Command) TurnedAway(PoolState state, ConnectionId connection, Passage passage)
    {
        if (!state.HasSuccessor)
            return Rejected(state, connection, passage.Peer, FarewellOf(passage));
        var handing = state.HandingOn.AddOrUpdate(connection.Value, new Custody.HandingOn(passage));
        return (state with { HandingOn = handing }, new PoolCommand.HandOn(connection));
    }

    /// <summary>Why it is not served any more: one that stands in the middle cannot be told, it is cut.</summary>
    private static RejectReason FarewellOf(Passage passage) =>
        passage.Headway == Headway.Midway ? RejectReason.Interrupted : RejectReason.ShuttingDown;

    /// <summary>All that no worker has: first those that somebody waits for the longest to go on, last those that nobody waits for.</summary>
    private static PoolStep TurnAwayAll(PoolStep step)
    {
        var before = step.State;
        var state = before with
        {
            Resuming = before.Resuming.Clear(),
            Waiting = before.Waiting.Clear(),
            Parked = before.Parked.Clear(),
            ParkingTimes = ParkingTimes.Empty,
        };
        var commands = new List<PoolCommand>();
        foreach (var (number, resuming) in before.Resuming)
            Turn(number, resuming);
        foreach (var (number, waiting) in before.Waiting)
            Turn(number, waiting);
        foreach (var (number, parked) in before.Parked)
            Turn(number, parked);
        return step.With(state, commands);

        void Turn(long number, Custody custody)
        {
            (state, var command) = TurnedAway(state, new(number), custody.Passage);
            commands.Add(command);
        }
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
        return Reject(step.With(state), connection, handing.Peer, FarewellOf(handing.Passage));
    }
}
