namespace Trainyard.Core.Pool;

// Which worker gets which connection.
public static partial class PoolMachine
{
    /// <summary>Hands out waiting connections, the earliest first, as long as there is a free slot.</summary>
    private static PoolStep DispatchWaiting(PoolStep step)
    {
        while (step.State is { IsRunning: true, Waiting.IsEmpty: false } state && NextWorker(state) is >= 0 and var index)
        {
            var (number, waiting) = First(state);
            step = Dispatch(step.With(state with { Waiting = state.Waiting.Remove(number) }), new(number), waiting, index);
        }
        return step;
    }

    private static (long Number, Custody.Waiting Custody) First(PoolState state)
    {
        foreach (var (number, waiting) in state.Waiting)
            return (number, waiting);
        return default;
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

    private static PoolStep Dispatch(PoolStep step, ConnectionId connection, Custody.Waiting waiting, int index)
    {
        var state = step.State;
        var worker = state.Workers[index];
        var number = state.Dispatched + 1;
        return step.With(
            state with
            {
                Dispatched = number,
                Workers = state.Workers.SetItem(index, worker with { Load = worker.Load + 1, LastDispatch = number }),
                Held = state.Held.AddOrUpdate(
                    connection.Value, new Custody.Offered(worker.Id, number, waiting.Arrived, waiting.Offers + 1, waiting.Peer)),
                Offers = state.Offers.AddOrUpdate(number, new Offer(connection, worker.Id, state.Now)),
                Tally = waiting.Offers > 0 ? state.Tally with { Redispatched = state.Tally.Redispatched + 1 } : state.Tally,
            },
            new PoolCommand.Dispatch(connection, worker.Id));
    }
}
