namespace Trainyard.Core.Pool;

// How many workers there are: the target, who leaves when there are too many, who is spawned when there are too few.
public static partial class PoolMachine
{
    private static PoolStep Resize(PoolStep step, long target) =>
        step.State.IsRunning
            ? step.With(step.State with { Target = (int)Math.Clamp(target, 1, PoolPolicy.MostWorkers) })
            : step;

    private static PoolStep Retire(PoolStep step, WorkerId worker)
    {
        if (!step.State.IsRunning || step.State.IndexOf(worker) is not (>= 0 and var index))
            return step;
        return step.With(step.State.Put(index, AsOutgoing(step.State.Workers[index])));
    }

    private static PoolStep Reload(PoolStep step) =>
        step.State.IsRunning ? step.With(step.State with { Workers = step.State.Workers.Map(AsOutgoing) }) : step;

    private static Worker AsOutgoing(Worker worker) =>
        worker.State is WorkerState.Starting or WorkerState.Serving ? worker with { Outgoing = true } : worker;

    /// <summary>Brings the number of workers to the target: fewer first, then more, then out with those who are replaced.</summary>
    private static PoolStep Maintain(PoolStep step)
    {
        if (!step.State.IsRunning)
            return step;
        step = Recycle(step);
        if (IsComplete(step.State))
            return step;
        step = DismissOutgoing(SpawnMissing(DismissSurplus(step)));
        // Whoever was dismissed has made way for the next that is worn out. Nobody can wear out twice, so this ends.
        return ReferenceEquals(Recycle(step).State, step.State) ? step : Maintain(step);
    }

    private static bool IsComplete(PoolState state) =>
        state.Respawns.Count == 0 && Census.Of(state) is { Outgoing: 0, Places: var places } && places == state.Target;

    private static PoolStep DismissSurplus(PoolStep step)
    {
        var surplus = Census.Of(step.State).Places - step.State.Target;
        for (; surplus > 0; surplus--)
        {
            var state = step.State;
            if (state.Respawns.Count is > 0 and var waiting)
                step = step.With(state with { Respawns = state.Respawns.RemoveAt(waiting - 1) });
            else if (LeastNeeded(state) is >= 0 and var index)
                step = Tell(step.With(state.Put(index, state.Workers[index] with { Outgoing = true })), index);
        }
        return step;
    }

    /// <summary>Who goes first when there are too many: the dying, then the starting, then the least loaded; the youngest among equals.</summary>
    private static int LeastNeeded(PoolState state)
    {
        var least = -1;
        for (var i = 0; i < state.Workers.Count; i++)
            if (!state.Workers[i].Outgoing && (least < 0 || Need(state.Workers[i]) <= Need(state.Workers[least])))
                least = i;
        return least;

        static int Need(Worker worker) => worker.State switch
        {
            WorkerState.Killed => -2,
            WorkerState.Starting => -1,
            _ => worker.Load,
        };
    }

    private static PoolStep SpawnMissing(PoolStep step)
    {
        var state = step.State;
        var census = Census.Of(state);
        var due = 0;
        while (due < state.Respawns.Count && state.Respawns[due].Due <= state.Now)
            due++;

        var missing = state.Target - census.Places + due;
        if (missing <= 0)
            return step;
        // A replacement waits where twice the target live, unless there is less than the target to serve without it.
        var room = Math.Max((2 * state.Target) - census.Alive, state.Target - census.Up);
        var failures = state.Respawns;
        step = step.With(state with { Respawns = state.Respawns.RemoveRange(0, due) });
        for (var i = 0; i < Math.Min(missing, room); i++)
            step = Spawn(step, i < due ? failures[i].Failures : 0);
        return step;
    }

    private static PoolStep Spawn(PoolStep step, int failures)
    {
        var id = new WorkerId(step.State.Spawned + 1);
        var worker = new Worker(id, step.State.Now, failures);
        return step.With(
            step.State with { Spawned = id.Value, Workers = step.State.Workers.Add(worker) },
            new PoolCommand.Spawn(id));
    }

    /// <summary>Lets outgoing workers leave, the oldest first, as far as more than the target serve without them.</summary>
    private static PoolStep DismissOutgoing(PoolStep step)
    {
        var census = Census.Of(step.State);
        if (census.Outgoing == 0)
            return step;
        var spare = census.Serving - step.State.Target;
        for (var i = 0; i < step.State.Workers.Count; i++)
        {
            var worker = step.State.Workers[i];
            if (!worker.Outgoing)
                continue;
            if (worker.State is WorkerState.Starting && spare >= 0)
                step = Tell(step, i);
            else if (worker.State is WorkerState.Serving && spare > 0)
            {
                step = Tell(step, i);
                spare--;
            }
        }
        return step;
    }
}
