using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

// Every limit on time: when the next one runs out, and what happens then.
public static partial class PoolMachine
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(1);

    /// <summary>When the next <see cref="PoolEvent.Tick"/> is due; <c>null</c> if nothing waits for time to pass.</summary>
    /// <remarks>A time that has passed already asks for a tick at once. After that tick the next deadline is later than its time.</remarks>
    public static DateTimeOffset? NextDeadline(PoolState state)
    {
        var policy = state.Policy;
        var next = Deadline.Earlier(state.ExhaustedUntil, state.ThrottledUntil);
        if (state.Respawns.Count > 0)
            next = Deadline.Earlier(next, state.Respawns[0].Due);
        if (policy.MaximumWait is { } wait && First(state.Waiting) is (_, var waiting))
            next = Deadline.Earlier(next, Deadline.After(waiting.Arrived, wait));
        next = Deadline.Earlier(next, state.ParkingTimes.Next?.Until);
        if (OldestOffer(state) is { } offer)
            next = Deadline.Earlier(next, Deadline.After(offer.Since, policy.AcknowledgeWithin));
        if (state.Phase is Phase.Running { Successor: { } pending })
            next = Deadline.Earlier(next, Deadline.After(pending.Since, policy.SuccessorWithin));
        if (state.Phase is Phase.Draining { Patience: { } patience, LastProgress: var progress })
            next = Deadline.Earlier(next, Deadline.After(progress, patience));
        foreach (var worker in state.Workers)
            next = Deadline.Earlier(Deadline.Earlier(next, LifeDeadline(policy, worker)), worker.RefusingUntil);
        return next;
    }

    /// <summary>How often to look for signs of life: oftener where a client would have to wait for a worker that gives none.</summary>
    public static TimeSpan WatchInterval(PoolState state)
    {
        if (state.Policy.StuckAfter is { } limit)
            foreach (var worker in state.Workers)
                if (worker.Load > 0)
                    return limit < LongestWatch ? limit / 4 : LongestWatch / 4;
        return LongestWatch;
    }

    private static Offer? OldestOffer(PoolState state)
    {
        if (state.Offers.IsEmpty)
            return null;
        foreach (var (_, offer) in state.Offers)
            return offer;
        return null;
    }

    /// <summary>When something is done about a worker that gives no sign of life.</summary>
    private static DateTimeOffset? LifeDeadline(PoolPolicy policy, Worker worker) =>
        worker switch
        {
            { State: WorkerState.Killed } => null,
            { ReadySince: null } => Deadline.After(worker.Spawned, policy.ReadyWithin),
            { DumpedAt: { } dumped } => Deadline.After(dumped, policy.DumpGrace),
            _ => policy.HungAfter is { } limit ? Deadline.After(worker.Seen, limit) : null,
        };

    private static PoolStep Expire(PoolStep step)
    {
        step = ExpireSuccessor(ExpirePauses(ExpireParked(ExpireWaiting(ExpireOffers(ExpireLives(step))))));
        return step.State.Phase is Phase.Draining { Patience: { } patience, LastProgress: var progress }
            && Deadline.After(progress, patience) <= step.State.Now
            ? Stop(step, PoolEnd.DrainDeadline)
            : step;
    }

    private static PoolStep ExpireLives(PoolStep step)
    {
        for (var i = 0; i < step.State.Workers.Count; i++)
            while (LifeDeadline(step.State.Policy, step.State.Workers[i]) <= step.State.Now)
                step = step.State.Workers[i] is { ReadySince: not null, DumpedAt: null } ? AskForDump(step, i) : Kill(step, i);
        return step;
    }

    private static PoolStep AskForDump(PoolStep step, int index)
    {
        var worker = step.State.Workers[index];
        return step.With(
            step.State.Put(index, worker with { DumpedAt = step.State.Now }),
            new PoolCommand.Signal(worker.Id, WorkerSignal.Dump));
    }

    /// <summary>A worker that does not answer must be dead before anybody else gets the connection: two would serve one stream.</summary>
    private static PoolStep ExpireOffers(PoolStep step)
    {
        while (OldestOffer(step.State) is { } offer
            && Deadline.After(offer.Since, step.State.Policy.AcknowledgeWithin) <= step.State.Now)
            step = Kill(step, step.State.IndexOf(offer.Worker));
        return step;
    }

    private static PoolStep ExpireWaiting(PoolStep step)
    {
        if (step.State.Policy.MaximumWait is not { } limit)
            return step;
        while (First(step.State.Waiting) is var (number, waiting))
        {
            if (Deadline.After(waiting.Arrived, limit) > step.State.Now)
                break;
            step = step.With(step.State with { Waiting = step.State.Waiting.Remove(number) });
            step = Reject(step, new(number), waiting.Peer, RejectReason.WaitedTooLong);
        }
        return step;
    }

    private static PoolStep ExpireParked(PoolStep step)
    {
        var state = step.State;
        var commands = new List<PoolCommand>();
        while (state.ParkingTimes.Next is var (until, number) && until <= state.Now && state.Parked.Find(number).Case is Custody.Parked parked)
        {
            (state, var command) = Rejected(Unpark(state, number, parked), new(number), parked.Peer, RejectReason.Idle);
            commands.Add(command);
        }
        return step.With(state, commands);
    }

    private static PoolStep ExpireSuccessor(PoolStep step) =>
        step.State.Phase is Phase.Running { Successor: { } pending }
        && Deadline.After(pending.Since, step.State.Policy.SuccessorWithin) <= step.State.Now
            ? GoOn(step.Say(new PoolCommand.AbandonSuccessor()))
            : step;

    private static PoolStep ExpirePauses(PoolStep step)
    {
        var state = step.State;
        if (state.ExhaustedUntil <= state.Now)
            state = state with { ExhaustedUntil = null };
        if (state.ThrottledUntil <= state.Now)
            state = state with { ThrottledUntil = null };
        for (var i = 0; i < state.Workers.Count; i++)
            if (state.Workers[i].RefusingUntil <= state.Now)
                state = state.Put(i, state.Workers[i] with { RefusingUntil = null });
        return step.With(state);
    }
}
