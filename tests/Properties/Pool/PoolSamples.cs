using LanguageExt;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>One or more states of each phase, and of each stage of a worker's life.</summary>
internal static class PoolSamples
{
    public static readonly string[] PhaseNames =
    [
        "Running", "Running (successor pending)",
        "Draining", "Draining (successor serves)",
        "Stopping", "Stopping (successor serves)",
        "Stopped",
    ];

    public static string NameOf(PoolState state) =>
        state.Phase.GetType().Name + state.Phase switch
        {
            Phase.Running { Successor: not null } => " (successor pending)",
            Phase.Draining or Phase.Stopping when state.HasSuccessor => " (successor serves)",
            _ => "",
        };

    public static IEnumerable<(string Name, PoolState State)> Phases(PoolPolicy policy)
    {
        var now = PoolWorld.Epoch;
        foreach (var one in Bases(policy))
        {
            yield return Named(one);
            yield return Named(After(one, new PoolEvent.Upgrade(null, now)));
            yield return Named(After(one, new PoolEvent.Drain(TimeSpan.FromSeconds(1), now)));
            var handing = After(one, Accepted(3), Accepted(4), new PoolEvent.Upgrade(TimeSpan.FromSeconds(1), now), new PoolEvent.SuccessorReady(now));
            yield return Named(handing);
            yield return Named(After(handing, Exit(1), Exit(2), Exit(3)));
            yield return Named(After(handing, Exit(1), Exit(2), Exit(3), new PoolEvent.NotHandedOn(new(4), now)));
            yield return Named(After(handing, new PoolEvent.StopNow(now)));
            yield return Named(After(handing, new PoolEvent.StopNow(now), Exit(1), Exit(2), Exit(3), new PoolEvent.NotHandedOn(new(4), now)));
            yield return Named(After(one, new PoolEvent.StopNow(now)));
            yield return Named(After(one, new PoolEvent.StopNow(now), Exit(1), Exit(2), Exit(3)));
        }
    }

    /// <summary>A state whose youngest worker is in the named stage.</summary>
    public static IEnumerable<(string Stage, PoolState State)> Workers(PoolPolicy policy)
    {
        var now = PoolWorld.Epoch;
        var starting = PoolMachine.Start(policy, now).State;
        var serving = After(starting, Ready(1), Ready(2));
        var holding = After(serving, Accepted(1), Accepted(2));
        yield return ("Starting", starting);
        yield return ("Serving", serving);
        yield return ("Serving", holding);
        yield return ("Serving, outgoing", After(serving, new PoolEvent.Retire(new(2), now)));
        yield return ("Retiring", After(serving, new PoolEvent.Resize(-1, now)));
        var silent = new PoolEvent.Tick(now.AddSeconds(20));
        yield return ("Serving", After(serving, silent));
        yield return ("Serving, outgoing", After(serving, new PoolEvent.Retire(new(2), now), silent));
        yield return ("Retiring", After(serving, new PoolEvent.Resize(-1, now), silent));
        yield return ("Killed", After(holding, new PoolEvent.Tick(now + policy.AcknowledgeWithin)));
    }

    public static string StageOf(PoolState state, WorkerId id) =>
        state.Workers.ToArray().FirstOrDefault(w => w.Id == id) is not { } worker ? "gone"
        : worker is { State: WorkerState.Serving, Outgoing: true } ? "Serving, outgoing"
        : worker.State.GetType().Name;

    private static IEnumerable<PoolState> Bases(PoolPolicy policy)
    {
        var now = PoolWorld.Epoch;
        var starting = PoolMachine.Start(policy, now).State;
        yield return starting;
        yield return After(starting, Ready(1), Accepted(1), Accepted(2));
        yield return After(starting, Exit(1));
        yield return After(starting, Exit(1), new PoolEvent.Tick(now.AddSeconds(1)));
        var serving = After(starting, Ready(1), Accepted(1), new PoolEvent.Acknowledged(new(1), new(1), now));
        yield return After(serving, Exit(2));
        yield return After(serving, Accepted(2), new PoolEvent.Parked(new(1), new(1), now.AddSeconds(1), now));
        yield return After(serving, Accepted(2), new PoolEvent.Parked(new(1), new(1), null, now), new PoolEvent.Woken(new(1), now));
    }

    private static (string Name, PoolState State) Named(PoolState state) => (NameOf(state), state);

    public static PoolState After(PoolState state, params PoolEvent[] events) =>
        events.Aggregate(state, (last, ev) => PoolMachine.Step(last, ev).State);

    public static PoolEvent.Accepted Accepted(int connection) => new(new(connection), PeerKey.OfIPv4(7), PoolWorld.Epoch);

    public static PoolEvent.WorkerReady Ready(int worker, int slots = 1) => new(new(worker), slots, 0, PoolWorld.Epoch);

    private static PoolEvent.WorkerExited Exit(int worker) =>
        new(new(worker), new WorkerExit.Exited(1), Arr<ConnectionId>.Empty, null, 0, PoolWorld.Epoch);
}
