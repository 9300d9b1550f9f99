using Trainyard.Core.Lane;
using Trainyard.Core.Machine;
using Trainyard.Core.Pool;

namespace Trainyard.Core.Worker;

/// <summary>The life of one worker: configured, serving, leaving, gone. Pure: same state and event, same step.</summary>
/// <remarks>
/// The rules:
/// <list type="number">
/// <item>It never holds more connections than its slots, nor the same one twice; what it cannot take it refuses untouched.</item>
/// <item>
/// Every connection it was assigned is answered exactly once with Refuse, or with Acknowledge and later exactly once with Done, Return or Park.
/// </item>
/// <item>Once told to leave it takes nothing more, and it leaves as soon as it holds nothing.</item>
/// <item>
/// Its connections are told once that they are to end soon: when it is told to leave, or before, when its process is. Where others can go on with
/// them they are given back instead; who is told both finishes what is left, since there may be nobody any more who could.
/// </item>
/// <item>When its master dies it finishes what it holds and leaves; what it says then is lost, which harms nobody.</item>
/// <item>When one of its threads fails it leaves at once, whatever it holds: its master, which sees it die, knows what can be served afresh.</item>
/// <item>An event that does not fit its stage changes nothing.</item>
/// </list>
/// </remarks>
public static class WorkerMachine
{
    /// <summary>The next state, and what to do.</summary>
    public static WorkerStep Step(WorkerLife state, WorkerEvent ev) =>
        (state.Stage, ev) switch
        {
            (_, WorkerEvent.Assigned(var connection, var hasDescriptor)) => Assign(state, connection, hasDescriptor),
            (WorkerStage.Gone, _) => new(state, []),
            (WorkerStage.Configuring, WorkerEvent.Configured(var slots)) => Configure(state, slots),
            (WorkerStage.Configuring, WorkerEvent.NotConfigured) =>
                new(state with { Stage = WorkerStage.Gone }, [new WorkerCommand.Leave(WorkerLeave.NotConfigured)]),
            (_, WorkerEvent.Ended(var connection, var report)) => End(state, connection, report),
            (_, WorkerEvent.Returned(var connection)) => Part(state, connection, new LaneMessage.Return(connection)),
            (_, WorkerEvent.Parked(var connection, var left)) => Part(state, connection, new LaneMessage.Park(connection, left)),
            (_, WorkerEvent.ThreadFailed) =>
                new(state with { Stage = WorkerStage.Gone }, [new WorkerCommand.Leave(WorkerLeave.ThreadFailed)]),
            (_, WorkerEvent.DrainAsked) => Drain(state),
            (_, WorkerEvent.HandOverAsked) => HandOver(state),
            (_, WorkerEvent.ExitAsked(HandOver: true)) => BeginLeaving(HandOver(state)),
            (_, WorkerEvent.ExitAsked or WorkerEvent.MasterGone) => BeginLeaving(Drain(state)),
            _ => new(state, []),
        };

    private static WorkerStep Configure(WorkerLife state, int slots) =>
        slots < 1
            ? Step(state, new WorkerEvent.NotConfigured())
            : new(
                state with { Stage = WorkerStage.Serving, Slots = slots },
                [new WorkerCommand.Say(new LaneMessage.Ready(slots))]);

    private static WorkerStep Assign(WorkerLife state, ConnectionId connection, bool hasDescriptor) =>
        !hasDescriptor ? new(state, [Say(connection, RefuseReason.NoDescriptor)])
        : state.Stage != WorkerStage.Serving ? new(state, Refuse(connection, RefuseReason.Leaving))
        : state.Held.Contains(connection) ? new(state, Refuse(connection, RefuseReason.Duplicate))
        : state.Held.Count >= state.Slots ? new(state, Refuse(connection, RefuseReason.Full))
        : new(
            state with { Held = state.Held.Add(connection) },
            [new WorkerCommand.Say(new LaneMessage.Acknowledge(connection)), new WorkerCommand.Serve(connection)]);

    private static WorkerStep End(WorkerLife state, ConnectionId connection, ConnectionReport report) =>
        Part(state, connection, new LaneMessage.Done(connection, report));

    private static WorkerStep Part(WorkerLife state, ConnectionId connection, LaneMessage words) =>
        state.Held.Contains(connection)
            ? LeaveWhenEmpty(state with { Held = state.Held.Remove(connection) }, [new WorkerCommand.Say(words)])
            : new(state, []);

    private static WorkerStep HandOver(WorkerLife state) =>
        state.IsDraining || state.IsHandingOver ? new(state, []) : new(state with { IsHandingOver = true }, [new WorkerCommand.HandOver()]);

    private static WorkerStep Drain(WorkerLife state) =>
        state.IsDraining ? new(state, []) : new(state with { IsDraining = true }, [new WorkerCommand.Drain()]);

    private static WorkerStep BeginLeaving(WorkerStep drained) =>
        LeaveWhenEmpty(drained.State with { Stage = WorkerStage.Leaving }, drained.Commands);

    private static WorkerStep LeaveWhenEmpty(WorkerLife state, Commands<WorkerCommand> before) =>
        state is { Stage: WorkerStage.Leaving, Held.IsEmpty: true }
            ? new(state with { Stage = WorkerStage.Gone }, before.Then([new WorkerCommand.Leave(WorkerLeave.Finished)]))
            : new(state, before);

    private static Commands<WorkerCommand> Refuse(ConnectionId connection, RefuseReason reason) =>
        [Say(connection, reason), new WorkerCommand.Drop(connection)];

    private static WorkerCommand.Say Say(ConnectionId connection, RefuseReason reason) =>
        new(new LaneMessage.Refuse(connection, reason));
}
