namespace Trainyard.Core.Pool;

// Workers that have served long enough or grown too large: who is replaced, and when.
public static partial class PoolMachine
{
    /// <summary>After how many connections a worker that has just become ready is replaced.</summary>
    private static long? RecycleAt(PoolPolicy policy, double jitter) =>
        policy.RecycleAfter is { } after
            ? Math.Max(1, after - (long)(Math.Max(0, after) * 0.25 * (jitter is > 0 and < 1 ? jitter : 0)))
            : null;

    /// <summary>Makes the oldest worn-out worker outgoing, unless another is on its way out: workers that wear out together are replaced in turn.</summary>
    private static PoolStep Recycle(PoolStep step)
    {
        var state = step.State;
        if (state.Policy is { RecycleAfter: null, RecycleAboveBytes: null })
            return step;
        var oldest = -1;
        for (var i = 0; i < state.Workers.Count; i++)
        {
            var worker = state.Workers[i];
            if (worker is { Outgoing: true, State: WorkerState.Starting or WorkerState.Serving })
                return step;
            if (oldest < 0 && worker.State is WorkerState.Serving && IsWornOut(state.Policy, worker))
                oldest = i;
        }
        return oldest < 0 ? step : step.With(state.Put(oldest, AsOutgoing(state.Workers[oldest])));
    }

    private static bool IsWornOut(PoolState state, WorkerId worker) =>
        state.Policy is not { RecycleAfter: null, RecycleAboveBytes: null }
        && state.IndexOf(worker) is >= 0 and var index
        && IsWornOut(state.Policy, state.Workers[index]);

    // One that is too large before it has served anybody is not worn out: its replacement would be as large.
    private static bool IsWornOut(PoolPolicy policy, Worker worker) =>
        worker.Ended >= worker.RecycleAt
        || (worker is { Ended: > 0, ResidentBytes: > 0 } && worker.ResidentBytes > policy.RecycleAboveBytes);
}
