using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

// A worker's life: ready, alive, hung, dead, and what its death means for its place.
public static partial class PoolMachine
{
    private static PoolStep BecomeReady(PoolStep step, WorkerId worker, int slots, double jitter)
    {
        var state = step.State;
        if (state.IndexOf(worker) is not (>= 0 and var index) || state.Workers[index].ReadySince is not null)
            return step;
        var found = state.Workers[index];
        return step.With(state.Put(index, found with
        {
            State = found.State is WorkerState.Starting ? new WorkerState.Serving(Math.Max(1, slots)) : found.State,
            ReadySince = state.Now,
            Seen = state.Now,
            RecycleAt = RecycleAt(state.Policy, jitter),
            Window = Math.Max(1, state.Policy.MaximumUnanswered),
        }));
    }

    private static PoolStep ShowLife(PoolStep step, WorkerId worker, ulong progress, long resident)
    {
        var state = step.State;
        if (state.IndexOf(worker) is not (>= 0 and var index))
            return step;
        var found = state.Workers[index];
        state = state.Put(index, found with
        {
            Seen = state.Now,
            Silence = null,
            DumpedAt = null,
            Progress = Math.Max(found.Progress, progress),
            ResidentBytes = resident,
        });
        return step.With(progress > found.Progress ? Progressed(state) : state);
    }

    /// <summary>Kills a worker that is stopped, or computes and computes. One that is only slow to get the processor, or waits for a disk, has the longer limit.</summary>
    private static PoolStep JudgeSilence(PoolStep step, PoolEvent.Silent silent)
    {
        var state = step.State;
        if (state.Policy.StuckAfter is not { } limit || state.IndexOf(silent.Worker) is not (>= 0 and var index)
            || state.Workers[index] is not { ReadySince: not null, DumpedAt: null, State: not WorkerState.Killed } worker)
            return step;
        var computed = silent.Computed > TimeSpan.Zero ? silent.Computed : TimeSpan.Zero;
        DateTimeOffset? stoppedSince = silent.IsStopped ? worker.Silence?.StoppedSince ?? state.Now : null;
        if (worker.Silence is { } known && ((stoppedSince is { } since && Deadline.After(since, limit / 2) <= state.Now) || computed - known.Computed >= limit))
            return Kill(AskForDump(step, index), index);
        return step.With(state.Put(index, worker with { Silence = new(worker.Silence?.Computed ?? computed, stoppedSince) }));
    }

    private static PoolStep Bury(PoolStep step, PoolEvent.WorkerExited exited)
    {
        if (step.State.IndexOf(exited.Worker) is not (>= 0 and var index))
            return step;
        var worker = step.State.Workers[index];
        step = step.With(WithoutOffersOf(step.State, worker.Id) with { Workers = step.State.Workers.RemoveAt(index) });
        step = CountFailure(step, worker, exited);
        return TakeOver(step, worker, exited);
    }

    private static PoolStep CountFailure(PoolStep step, Worker worker, PoolEvent.WorkerExited exited)
    {
        var state = step.State;
        if (!state.IsRunning || worker.WasTold)
            return step;

        var isForeign = IsForeignKill(worker, exited.Cause);
        if (!isForeign && worker.ReadySince is null && Serving(state) < state.Target)
        {
            var failures = state.StartFailures
                .Filter(at => Deadline.After(at, state.Policy.CrashLoopWindow) > state.Now)
                .Add(state.Now);
            step = step.With(state = state with { StartFailures = failures });
            if (failures.Count >= Math.Max(1, state.Policy.CrashLoopFailures))
                return Stop(step, PoolEnd.CrashLoop);
        }
        return worker.Outgoing ? step : step.With(Schedule(state, worker, isForeign, exited.Jitter));
    }

    /// <summary>Keeps the failed worker's place for a replacement, at once or after a back-off.</summary>
    private static PoolState Schedule(PoolState state, Worker worker, bool isForeign, double jitter)
    {
        var healthy = worker.ReadySince is { } since && Deadline.After(since, state.Policy.HealthyAfter) <= state.Now;
        var failures = healthy ? 1 : worker.Failures + 1;
        var delay = (failures == 1 || isForeign) && worker.ReadySince is not null ? TimeSpan.Zero
            : Backoff(state.Policy, isForeign ? 1 : failures, jitter);
        failures = isForeign ? worker.Failures : failures;
        var respawn = new Respawn(Deadline.After(state.Now, delay), failures);

        var at = 0;
        while (at < state.Respawns.Count && state.Respawns[at].Due <= respawn.Due)
            at++;
        return state with { Respawns = state.Respawns.Insert(at, respawn) };
    }

    /// <summary>The delay before the replacement after the n-th failure in a row: doubled each time, bounded, then lengthened by up to a half.</summary>
    private static TimeSpan Backoff(PoolPolicy policy, int failures, double jitter)
    {
        var doubled = policy.BackoffBase.Ticks * Math.Pow(2, Math.Min(failures - 1, 62));
        var bounded = Math.Max(0, Math.Min(doubled, policy.BackoffLimit.Ticks));
        var spread = bounded * (1 + (jitter is > 0 and < 1 ? jitter / 2 : 0));
        return spread >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : new((long)spread);
    }

    private static int Serving(PoolState state)
    {
        var serving = 0;
        foreach (var worker in state.Workers)
            if (worker.State is WorkerState.Serving)
                serving++;
        return serving;
    }

    private static PoolStep Kill(PoolStep step, int index)
    {
        var worker = step.State.Workers[index];
        if (worker.State is WorkerState.Killed)
            return step;
        // Its offers stay in its hands until it is dead, but are no longer anybody's deadline.
        var state = WithoutOffersOf(step.State, worker.Id).Put(index, worker with { State = new WorkerState.Killed(worker.WasTold) });
        return step.With(state, new PoolCommand.Signal(worker.Id, WorkerSignal.Kill));
    }

    private static PoolState WithoutOffersOf(PoolState state, WorkerId worker)
    {
        var offers = state.Offers;
        foreach (var (number, offer) in state.Offers)
            if (offer.Worker.Value == worker.Value)
                offers = offers.Remove(number);
        return state with { Offers = offers };
    }

    private static PoolStep Tell(PoolStep step, int index)
    {
        var worker = step.State.Workers[index];
        if (worker.State is not (WorkerState.Starting or WorkerState.Serving))
            return step;
        return step.With(
            step.State.Put(index, worker with { State = new WorkerState.Retiring(), Outgoing = true }),
            new PoolCommand.SendExit(worker.Id, HandOver: step.State.IsRunning || step.State.HasSuccessor));
    }
}
