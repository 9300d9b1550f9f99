namespace Trainyard.Core.Pool;

// How a connection that has begun leaves its worker before its end: given back, parked, or left behind by one that died.
public static partial class PoolMachine
{
    /// <summary>The worker has stopped in the middle: another goes on.</summary>
    private static PoolStep Return(PoolStep step, WorkerId worker, ConnectionId connection)
    {
        if (Yielded(step.State, worker, connection) is not var (state, passage))
            return step;
        step = HandBack(step.With(Progressed(state)), connection, passage with { Offers = 0, Headway = Headway.Midway });
        return SayWhoWaits(DispatchWaiting(step), connection);
    }

    /// <summary>The worker has nothing to do on it: nobody has to have it until its client says something.</summary>
    private static PoolStep Park(PoolStep step, PoolEvent.Parked ev)
    {
        var (worker, connection) = (ev.Worker, ev.Connection);
        if (Yielded(step.State, worker, connection) is not var (state, passage))
            return step;
        // It was carried to the end of an answer, so whoever died over it before has nothing to do with what comes next.
        passage = passage with { Offers = 0, Strikes = 0, Headway = Headway.Idle };
        var index = state.IndexOf(worker);
        step = step.With(Progressed(state.Put(index, state.Workers[index] with { RefusingUntil = null })));
        if (!state.IsRunning)
            return TurnAway(step, connection, passage);

        var until = ev.Until?.ToUniversalTime();
        return step.With(
            step.State with
            {
                Parked = step.State.Parked.AddOrUpdate(connection.Value, new Custody.Parked(until, passage)),
                ParkingTimes = step.State.ParkingTimes.Add(until, connection.Value),
            },
            new PoolCommand.Watch(connection));
    }

    private static PoolStep Wake(PoolStep step, ConnectionId connection)
    {
        if (step.State.Parked.Find(connection.Value).Case is not Custody.Parked parked)
            return step;
        step = HandBack(step.With(Unpark(step.State, connection.Value, parked)), connection, parked.Passage);
        return SayWhoWaits(DispatchWaiting(step), connection);
    }

    private static PoolState Unpark(PoolState state, long number, Custody.Parked parked) =>
        state with
        {
            Parked = state.Parked.Remove(number),
            ParkingTimes = state.ParkingTimes.Remove(parked.Until, number),
        };

    /// <summary>Takes a connection out of the hands of its living worker; <c>null</c> where this worker does not hold it.</summary>
    private static (PoolState State, Passage Passage)? Yielded(PoolState state, WorkerId worker, ConnectionId connection)
    {
        if (state.Held.Find(connection.Value).Case is not Custody custody || custody.Holder?.Value != worker.Value)
            return null;
        return (LetGo(state, connection, custody), custody.Passage);
    }

    /// <summary>Takes over what a dead worker held: others go on with what can be gone on with, the rest is lost.</summary>
    private static PoolStep TakeOver(PoolStep step, Worker worker, PoolEvent.WorkerExited exited)
    {
        if (worker.Load == 0)
            return step;
        var continuable = new System.Collections.Generic.HashSet<ConnectionId>(exited.Continuable);
        var back = new List<ConnectionId>(worker.Load);
        foreach (var (number, custody) in step.State.Held)
        {
            if (custody.Holder?.Value != worker.Id.Value)
                continue;
            var connection = new ConnectionId(number);
            step = step.With(step.State with { Held = step.State.Held.Remove(number) });
            if (custody is Custody.Serving && !continuable.Contains(connection))
            {
                step = Reject(step, connection, custody.Peer, RejectReason.WorkerDied);
                continue;
            }
            var passage = Outlived(custody, isSuspect: exited.Suspect == connection, IsForeignKill(worker, exited.Cause));
            step = passage.Strikes >= Math.Max(1, step.State.Policy.MaximumStrikes)
                ? Reject(step, connection, passage.Peer, RejectReason.Quarantined)
                : HandBack(step, connection, passage);
            back.Add(connection);
        }
        step = DispatchWaiting(step);
        foreach (var connection in back)
            step = SayWhoWaits(step, connection);
        return step;
    }

    /// <summary>What the death of its worker means for a connection. Only one in whose turn it died, and that did not move, is to blame.</summary>
    private static Passage Outlived(Custody custody, bool isSuspect, bool isForeignKill) =>
        custody.Passage with
        {
            Offers = custody is Custody.Serving ? 0 : isForeignKill ? custody.Offers - 1 : custody.Offers,
            Strikes = !isSuspect ? 0 : isForeignKill ? custody.Strikes : custody.Strikes + 1,
        };

    /// <summary>Somebody else's SIGKILL says nothing of the worker, nor of the connection that it was at.</summary>
    private static bool IsForeignKill(Worker worker, WorkerExit cause) =>
        cause is WorkerExit.Killed(WorkerExit.KillSignal) && worker.State is not WorkerState.Killed;
}
