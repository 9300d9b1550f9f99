using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Lane;
using Trainyard.Core.Machine;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Worker;

/// <summary>The rules of a worker's life, over any sequence of events.</summary>
[Properties(Arbitrary = [typeof(WorkerEvents)], MaxTest = 500)]
public class WorkerMachineProperties
{
    private static readonly WorkerEvent Begin = new WorkerEvent.Configured(2);

    [Property]
    public FsCheck.Property Agrees_with_a_naive_model(WorkerEvent[] events, bool configured)
    {
        var state = WorkerLife.Spawned;
        var model = new Model();
        WorkerEvent[] all = configured ? [Begin, .. events] : events;
        for (var i = 0; i < all.Length; i++)
        {
            var step = WorkerMachine.Step(state, all[i]);
            var said = string.Join("; ", step.Commands.Select(Meaning));
            var expected = string.Join("; ", model.Feed(all[i]));
            if (said != expected || step.State.Held.Count != model.Held.Count)
                return false.Label($"event {i}, {all[i]}: expected '{expected}', was '{said}'");
            state = step.State;
        }
        return true.ToProperty();
    }

    [Property]
    public bool Never_holds_more_than_its_slots(WorkerEvent[] events) =>
        Run(events).All(step => step.State.Held.Count <= Math.Max(0, step.State.Slots));

    [Property]
    public bool Every_assignment_is_answered_once_and_every_acknowledgement_reported_once(WorkerEvent[] events)
    {
        var said = Run(events).SelectMany(step => (IEnumerable<WorkerCommand>)step.Commands).OfType<WorkerCommand.Say>().Select(say => say.Message).ToList();
        var assigned = events.OfType<WorkerEvent.Assigned>().Count();
        var taken = said.OfType<LaneMessage.Acknowledge>().ToList();
        return assigned == taken.Count + said.OfType<LaneMessage.Refuse>().Count()
            && taken.GroupBy(message => message.Connection).All(
                group => said.Count(message => Parts(message, group.Key)) is var parted && (parted == group.Count() || parted == group.Count() - 1));
    }

    private static bool Parts(LaneMessage message, ConnectionId connection) =>
        message switch
        {
            LaneMessage.Done done => done.Connection == connection,
            LaneMessage.Return returned => returned.Connection == connection,
            LaneMessage.Park parked => parked.Connection == connection,
            _ => false,
        };

    [Property]
    public bool Leaves_once_and_only_when_it_holds_nothing(WorkerEvent[] events)
    {
        var steps = Run(events);
        if (events.Any(ev => ev is WorkerEvent.ThreadFailed))
            return true;
        var leaving = steps.Where(step => ((IEnumerable<WorkerCommand>)step.Commands).Any(command => command is WorkerCommand.Leave)).ToList();
        var asked = events.Any(ev => ev is WorkerEvent.ExitAsked or WorkerEvent.MasterGone);
        return leaving.Count <= 1
            && leaving.All(step => step.State.Held.IsEmpty)
            && (!asked || steps[^1].State.Stage == (steps[^1].State.Held.IsEmpty ? WorkerStage.Gone : WorkerStage.Leaving));
    }

    [Property]
    public bool A_failed_thread_takes_its_process_along_at_once_and_says_so_once(WorkerEvent[] events)
    {
        var steps = Run(events);
        var leaves = steps.SelectMany(step => (IEnumerable<WorkerCommand>)step.Commands).OfType<WorkerCommand.Leave>().ToList();
        var first = Array.FindIndex(events, ev => ev is WorkerEvent.ThreadFailed);
        return first < 0
            ? leaves.All(leave => leave.Why != WorkerLeave.ThreadFailed)
            : leaves.Count == 1 && steps[first + 1].State.Stage == WorkerStage.Gone
                && (leaves[0].Why == WorkerLeave.ThreadFailed) == (steps[first].State.Stage != WorkerStage.Gone);
    }

    [Fact]
    public void Commands_keep_what_they_are_given_in_order()
    {
        Commands<int> none = [];
        Commands<int> some = [3, 1, 2];
        Assert.Empty(none);
        Assert.Equal([3, 1, 2], some.AsSpan().ToArray());
        Assert.Equal([3, 1, 2, 9], some.Then([9]).AsSpan().ToArray());
        Assert.Equal(some, none.Then(some).Then(none));
        Assert.NotEqual(some, [3, 1]);
    }

    [Theory]
    [InlineData(MasterSignal.Interrupt, 1, typeof(PoolEvent.StopNow))]
    [InlineData(MasterSignal.Terminate, 1, typeof(PoolEvent.Drain))]
    [InlineData(MasterSignal.Terminate, 2, typeof(PoolEvent.StopNow))]
    [InlineData(MasterSignal.User1, 1, typeof(PoolEvent.Drain))]
    [InlineData(MasterSignal.User1, 2, typeof(PoolEvent.StopNow))]
    [InlineData(MasterSignal.Quit, 1, typeof(PoolEvent.Drain))]
    [InlineData(MasterSignal.Quit, 2, typeof(PoolEvent.StopNow))]
    [InlineData(MasterSignal.User2, 1, typeof(PoolEvent.Upgrade))]
    [InlineData(MasterSignal.HangUp, 2, typeof(PoolEvent.Reload))]
    [InlineData(MasterSignal.TerminalInput, 1, typeof(PoolEvent.Resize))]
    [InlineData(MasterSignal.TerminalOutput, 3, typeof(PoolEvent.Resize))]
    public void Signals_mean_what_the_operations_guide_says(MasterSignal signal, int nth, Type expected) =>
        Assert.IsType(expected, SignalTable.EventOf(signal, nth, TimeSpan.FromSeconds(30), DateTimeOffset.UnixEpoch));

    private static List<WorkerStep> Run(WorkerEvent[] events)
    {
        var steps = new List<WorkerStep> { WorkerMachine.Step(WorkerLife.Spawned, Begin) };
        foreach (var ev in events)
            steps.Add(WorkerMachine.Step(steps[^1].State, ev));
        return steps;
    }

    private static string Meaning(WorkerCommand command) =>
        command switch
        {
            WorkerCommand.Say(LaneMessage.Refuse(var c, var reason)) => $"refuse {c} {reason}",
            WorkerCommand.Say(LaneMessage.Acknowledge(var c)) => $"acknowledge {c}",
            WorkerCommand.Say(LaneMessage.Done(var c, _)) => $"done {c}",
            WorkerCommand.Say(LaneMessage.Ready(var slots)) => $"ready {slots}",
            WorkerCommand.Serve(var c) => $"serve {c}",
            WorkerCommand.Drop(var c) => $"drop {c}",
            WorkerCommand.Say(LaneMessage.Return(var c)) => $"return {c}",
            WorkerCommand.Say(LaneMessage.Park(var c, var left)) => $"park {c} {left}",
            WorkerCommand.Drain => "drain",
            WorkerCommand.HandOver => "hand over",
            WorkerCommand.Leave(var why) => $"leave {why}",
            _ => $"{command}",
        };

    /// <summary>What a worker should do, written down without its data structures.</summary>
    private sealed class Model
    {
        private bool _ready, _told, _gone, _drains, _handsOver;
        private int _slots;

        public List<ConnectionId> Held { get; } = [];

        public List<string> Feed(WorkerEvent ev)
        {
            var said = new List<string>();
            switch (ev)
            {
                case WorkerEvent.Assigned { HasDescriptor: false } a:
                    said.Add($"refuse {a.Connection} NoDescriptor");
                    return said;
                case WorkerEvent.Assigned a:
                    var reason = _gone || _told || !_ready ? "Leaving" : Held.Contains(a.Connection) ? "Duplicate" : Held.Count >= _slots ? "Full" : null;
                    said.AddRange(reason is null
                        ? [$"acknowledge {a.Connection}", $"serve {a.Connection}"]
                        : [$"refuse {a.Connection} {reason}", $"drop {a.Connection}"]);
                    if (reason is null)
                        Held.Add(a.Connection);
                    return said;
                case WorkerEvent.Configured { Slots: > 0 } c when !_ready && !_told && !_gone:
                    (_ready, _slots) = (true, c.Slots);
                    said.Add($"ready {c.Slots}");
                    return said;
                case WorkerEvent.Configured { Slots: < 1 } or WorkerEvent.NotConfigured when !_ready && !_told && !_gone:
                    _gone = true;
                    said.Add("leave NotConfigured");
                    return said;
                case WorkerEvent.ThreadFailed when !_gone:
                    _gone = true;
                    said.Add("leave ThreadFailed");
                    return said;
                case WorkerEvent.Ended e when !_gone && Held.Remove(e.Connection):
                    said.Add($"done {e.Connection}");
                    break;
                case WorkerEvent.Returned e when !_gone && Held.Remove(e.Connection):
                    said.Add($"return {e.Connection}");
                    break;
                case WorkerEvent.Parked e when !_gone && Held.Remove(e.Connection):
                    said.Add($"park {e.Connection} {e.Left}");
                    break;
                case WorkerEvent.HandOverAsked or WorkerEvent.ExitAsked { HandOver: true } when !_gone:
                    if (!_drains && !_handsOver)
                        said.Add("hand over");
                    (_told, _handsOver) = (_told || ev is WorkerEvent.ExitAsked, true);
                    break;
                case WorkerEvent.DrainAsked or WorkerEvent.ExitAsked or WorkerEvent.MasterGone when !_gone:
                    _told |= ev is not WorkerEvent.DrainAsked;
                    if (!_drains)
                        said.Add("drain");
                    _drains = true;
                    break;
                default:
                    break;
            }
            if (_told && !_gone && Held.Count == 0)
            {
                _gone = true;
                said.Add("leave Finished");
            }
            return said;
        }
    }
}
