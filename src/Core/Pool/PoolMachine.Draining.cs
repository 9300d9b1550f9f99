using LanguageExt;

namespace Trainyard.Core.Pool;

// How a pool ends: drained, stopped, or handed over to a successor.
public static partial class PoolMachine
{
    private static PoolStep Drain(PoolStep step, TimeSpan? patience) =>
        step.State.Phase switch
        {
            Phase.Running => BeginDrain(step, patience, successor: false),
            Phase.Draining draining => step.With(step.State with { Phase = draining with { Patience = Shorter(draining.Patience, patience) } }),
            _ => step,
        };

    private static PoolStep BeginDrain(PoolStep step, TimeSpan? patience, bool successor)
    {
        step = TurnAwayAll(Close(step, new Phase.Draining(patience, step.State.Now, successor)));
        for (var i = 0; i < step.State.Workers.Count; i++)
            step = Tell(step, i);
        return step;
    }

    private static TimeSpan? Shorter(TimeSpan? left, TimeSpan? right) =>
        left is null || right < left ? right : left;

    private static PoolStep Stop(PoolStep step, PoolEnd cause)
    {
        if (step.State.Phase is Phase.Stopping)
            return step;
        step = TurnAwayAll(Close(step, new Phase.Stopping(cause, step.State.HasSuccessor)));
        for (var i = 0; i < step.State.Workers.Count; i++)
            step = Kill(step, i);
        return step;
    }

    private static PoolStep Close(PoolStep step, Phase phase)
    {
        var closed = step.State with
        {
            Phase = phase,
            Respawns = Arr<Respawn>.Empty,
            StartFailures = Arr<DateTimeOffset>.Empty,
            ExhaustedUntil = null,
            ThrottledUntil = null,
        };
        // Whoever is told to end, or cannot go on, must not leave a successor behind that nobody asked to serve.
        if (step.State.Phase is Phase.Running { Successor: not null } && !closed.HasSuccessor)
            step = step.Say(new PoolCommand.AbandonSuccessor());
        return step.State.IsRunning ? step.With(closed, new PoolCommand.CloseListeners()) : step.With(closed);
    }

    private static PoolStep Upgrade(PoolStep step, TimeSpan? patience) =>
        step.State.Phase is Phase.Running { Successor: null }
            ? step.With(
                step.State with { Phase = new Phase.Running(new PendingUpgrade(patience, step.State.Now)) },
                new PoolCommand.StartSuccessor())
            : step;

    private static PoolStep HandOver(PoolStep step) =>
        step.State.Phase is Phase.Running { Successor: { } pending } ? BeginDrain(step, pending.Patience, successor: true) : step;

    private static PoolStep GoOn(PoolStep step) =>
        step.State.Phase is Phase.Running { Successor: not null }
            ? step.With(step.State with { Phase = new Phase.Running(Successor: null) })
            : step;

    private static PoolState Progressed(PoolState state) =>
        state.Phase is Phase.Draining draining ? state with { Phase = draining with { LastProgress = state.Now } } : state;

    /// <summary>Ends the pool when the last worker has gone and the last hand-on was answered.</summary>
    private static PoolStep Conclude(PoolStep step)
    {
        var state = step.State;
        if (state.IsRunning || state.Workers.Count > 0 || !state.HandingOn.IsEmpty)
            return step;
        var cause = state.Phase is Phase.Stopping stopping ? stopping.Cause : PoolEnd.Drained;
        var tally = state.Tally;
        var verdict = new PoolVerdict(cause, tally.Completed, tally.HandedOn, tally.Rejected, tally.Aborted);
        return step.With(state with { Phase = new Phase.Stopped(verdict, state.HasSuccessor) }, new PoolCommand.Exit(verdict));
    }
}
