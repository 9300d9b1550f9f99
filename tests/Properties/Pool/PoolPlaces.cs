using LanguageExt;
using Trainyard.Core.Pool;
using Place = Trainyard.Core.Pool.Custody;

namespace Trainyard.Properties.Pool;

/// <summary>Connection 1 in each place that it can be in, and what is told about it there.</summary>
internal static class PoolPlaces
{
    public static readonly string[] Names = ["Waiting", "Offered", "Serving", "Resuming", "Resuming, idle", "Parked", "HandingOn"];

    private static readonly DateTimeOffset Now = PoolWorld.Epoch;
    private static readonly WorkerId Worker = new(1);
    private static readonly ConnectionId Connection = new(1);

    /// <summary>Where the connection is, or how it left with that step.</summary>
    public static string PlaceAfter(PoolStep step) =>
        step.State.Find(Connection) switch
        {
            Place.Resuming { IsIdle: true } => "Resuming, idle",
            { } custody => custody.GetType().Name,
            _ => step.Commands.Where(command => command is PoolCommand.Release or PoolCommand.Reject).Select(NameOf).FirstOrDefault("gone"),
        };

    public static IEnumerable<PoolState> States(PoolPolicy policy)
    {
        var starting = PoolMachine.Start(policy, Now).State;
        var waiting = PoolSamples.After(starting, PoolSamples.Accepted(1));
        var offered = PoolSamples.After(waiting, PoolSamples.Ready(1));
        var serving = PoolSamples.After(offered, new PoolEvent.Acknowledged(Worker, Connection, Now));
        var parked = PoolSamples.After(serving, new PoolEvent.Parked(Worker, Connection, Now.AddSeconds(9), Now));
        // Beside a worker that has no slot for it, what comes back has to wait.
        var refusing = PoolSamples.After(
            waiting,
            PoolSamples.Ready(1, slots: 2),
            new PoolEvent.Acknowledged(Worker, Connection, Now),
            PoolSamples.Accepted(2),
            new PoolEvent.Refused(Worker, new(2), Now));
        var full = PoolSamples.After(parked, PoolSamples.Accepted(2));
        var returned = PoolSamples.After(serving, new PoolEvent.Returned(Worker, Connection, Now));
        return
        [
            waiting,
            offered, Tried(offered), returned, Tried(returned), PoolSamples.After(parked, new PoolEvent.Woken(Connection, Now)),
            serving, refusing,
            PoolSamples.After(refusing, new PoolEvent.Returned(Worker, Connection, Now)),
            PoolSamples.After(full, new PoolEvent.Woken(Connection, Now)),
            parked, full,
            PoolSamples.After(waiting, new PoolEvent.Upgrade(null, Now), new PoolEvent.SuccessorReady(Now)),
            PoolSamples.After(serving, new PoolEvent.Upgrade(null, Now), new PoolEvent.SuccessorReady(Now), new PoolEvent.Returned(Worker, Connection, Now)),
        ];
    }

    public static IEnumerable<(string Name, PoolEvent Event)> Events() =>
    [
        ("Acknowledged", new PoolEvent.Acknowledged(Worker, Connection, Now)),
        ("Refused", new PoolEvent.Refused(Worker, Connection, Now)),
        ("LaneFull", new PoolEvent.LaneFull(Worker, Connection, Now)),
        ("Done", new PoolEvent.Done(Worker, Connection, Now)),
        ("Returned", new PoolEvent.Returned(Worker, Connection, Now)),
        ("Parked", new PoolEvent.Parked(Worker, Connection, null, Now)),
        ("Woken", new PoolEvent.Woken(Connection, Now)),
        ("WorkerReady (another)", new PoolEvent.WorkerReady(new(2), 2, 0, Now)),
        ("WorkerExited (continuable)", Exit(true, null)),
        ("WorkerExited (not continuable)", Exit(false, null)),
        ("WorkerExited (the last strike)", Exit(true, Connection)),
        ("HandedOn", new PoolEvent.HandedOn(Connection, Now)),
        ("NotHandedOn", new PoolEvent.NotHandedOn(Connection, Now)),
        ("Upgrade, SuccessorReady", new PoolEvent.SuccessorReady(Now)),
        ("Drain", new PoolEvent.Drain(null, Now)),
        ("StopNow", new PoolEvent.StopNow(Now)),
        ("Tick (a deadline passed)", new PoolEvent.Tick(Now.AddHours(1))),
    ];

    public static PoolStep Step(PoolState state, PoolEvent ev) =>
        PoolMachine.Step(ev is PoolEvent.SuccessorReady ? PoolSamples.After(state, new PoolEvent.Upgrade(null, Now)) : state, ev);

    /// <summary>Offered to so many workers that one more refusal is one too many.</summary>
    private static PoolState Tried(PoolState state)
    {
        for (var i = 1; i < state.Policy.MaximumOffers; i++)
            state = PoolSamples.After(state, new PoolEvent.Refused(Worker, Connection, Now), new PoolEvent.Tick(Now.AddSeconds(i)));
        return state;
    }

    private static string NameOf(PoolCommand command) => command is PoolCommand.Reject reject ? $"rejected: {reject.Reason}" : "released";

    private static PoolEvent.WorkerExited Exit(bool isContinuable, ConnectionId? suspect) =>
        new(Worker, new WorkerExit.Killed(11), isContinuable ? new Arr<ConnectionId>([Connection]) : default, suspect, 0, Now);
}
