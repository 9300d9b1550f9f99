using LanguageExt;
using LanguageExt.ClassInstances;

namespace Trainyard.Core.Pool;

// Which worker gets which connection.
public static partial class PoolMachine
{
    /// <summary>Hands out waiting connections, those that have begun before the others and the earliest first, as long as there is a free slot.</summary>
    private static PoolStep DispatchWaiting(PoolStep step)
    {
        while (step.State is { IsRunning: true, Queued: > 0 } state && NextWorker(state) is >= 0 and var index)
        {
            if (First(state.Resuming) is var (number, resuming))
                step = Dispatch(step.With(state with { Resuming = state.Resuming.Remove(number) }), new(number), resuming.Passage, index);
            else if (First(state.Waiting) is var (next, waiting))
                step = Dispatch(step.With(state with { Waiting = state.Waiting.Remove(next) }), new(next), waiting.Passage, index);
        }
        return step;
    }

    private static (long Number, T Custody)? First<T>(Map<OrdLong, long, T> connections)
        where T : Custody
    {
        foreach (var (number, custody) in connections)
            return (number, custody);
        return null;
    }

    /// <summary>The place of the worker that is next: the least loaded, then the least recently used. -1 if no slot is free.</summary>
    private static int NextWorker(PoolState state)
    {
        var best = -1;
        for (var i = 0; i < state.Workers.Count; i++)
        {
            var worker = state.Workers[i];
            if (worker.FreeSlots > 0 && (best < 0 || IsBefore(worker, state.Workers[best])))
                best = i;
        }
        return best;
    }

    private static bool IsBefore(Worker left, Worker right) =>
        left.Load < right.Load || (left.Load == right.Load && left.LastDispatch < right.LastDispatch);

    private static PoolStep Dispatch(PoolStep step, ConnectionId connection, Passage passage, int index)
    {
        var state = step.State;
        var worker = state.Workers[index];
        var number = state.Dispatched + 1;
        return step.With(
            state with
            {
                Dispatched = number,
                Workers = state.Workers.SetItem(index, worker with
                {
                    Load = worker.Load + 1,
                    Unanswered = worker.Unanswered + 1,
                    LastDispatch = number,
                }),
                Held = state.Held.AddOrUpdate(
                    connection.Value, new Custody.Offered(worker.Id, number, passage with { Offers = passage.Offers + 1 })),
                Offers = state.Offers.AddOrUpdate(number, new Offer(connection, worker.Id, state.Now)),
                Tally = Count(state.Tally, passage),
            },
            new PoolCommand.Dispatch(connection, worker.Id));
    }

    /// <summary>Takes back what <see cref="Dispatch"/> counted.</summary>
    private static PoolTally Uncount(PoolTally tally, Passage passage) =>
        passage switch
        {
            { Offers: > 0 } => tally with { Redispatched = tally.Redispatched - 1 },
            { Headway: Headway.Midway } => tally with { Continued = tally.Continued - 1 },
            _ => tally,
        };

    /// <summary>A dispatch is another try of one that found no taker, or goes on with what another worker had begun, or is the first.</summary>
    private static PoolTally Count(PoolTally tally, Passage passage) =>
        passage switch
        {
            { Offers: > 0 } => tally with { Redispatched = tally.Redispatched + 1 },
            { Headway: Headway.Midway } => tally with { Continued = tally.Continued + 1 },
            _ => tally,
        };
}
