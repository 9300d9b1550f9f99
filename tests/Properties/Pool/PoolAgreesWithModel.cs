using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>Random operations on the machine and on a naive model: the same meaning of commands, the same numbers, after each.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 400)]
public class PoolAgreesWithModel
{
    [Property]
    public Property The_pool_agrees_with_its_model(PoolScenario scenario)
    {
        // The model knows no clock, no recycling, and no end.
        var policy = scenario.Policy with { CrashLoopFailures = int.MaxValue, RecycleAfter = null, AcceptRate = null, RefusalPause = TimeSpan.FromHours(1) };
        var model = new PoolModel(policy);
        var start = PoolMachine.Start(policy, PoolWorld.Epoch);
        var state = start.State;
        var connections = 0L;
        if (Difference(model, start) is { } early)
            return false.Label(early);

        foreach (var action in scenario.Actions)
        {
            if (Apply(action, model, ref connections) is not { } ev)
                continue;
            var step = PoolMachine.Step(state, ev);
            state = step.State;
            if (Difference(model, step) is { } difference)
                return false.Label($"after {action} = {ev}: {difference}");
        }
        return true.ToProperty();
    }

    private static PoolEvent? Apply(PoolAction action, PoolModel model, ref long connections)
    {
        var now = PoolWorld.Epoch;
        switch (action.Verb)
        {
            case PoolVerb.Accept or PoolVerb.Burst:
                model.Accept(++connections, PoolWorld.Peer(action.Pick));
                return new PoolEvent.Accepted(new(connections), PoolWorld.Peer(action.Pick), now);
            case PoolVerb.Ready when Pick(model, action, w => w.Slots == 0) is { } worker:
                var slots = 1 + (action.Amount % 3);
                model.Ready(worker, slots);
                return new PoolEvent.WorkerReady(new(worker.Id), slots, 0, now);
            case PoolVerb.Acknowledge when Pick(model, action, w => w.Connections.ContainsValue(false)) is { } worker:
                var offered = worker.Connections.First(one => !one.Value).Key;
                model.Acknowledge(worker, offered);
                return new PoolEvent.Acknowledged(new(worker.Id), new(offered), now);
            case PoolVerb.Refuse when Pick(model, action, w => w.Connections.ContainsValue(false)) is { } worker:
                var refused = worker.Connections.First(one => !one.Value).Key;
                model.Refuse(worker, refused);
                return new PoolEvent.Refused(new(worker.Id), new(refused), now);
            case PoolVerb.LaneFull when Pick(model, action, w => w.Connections.ContainsValue(false)) is { } worker:
                var postponed = worker.Connections.First(one => !one.Value).Key;
                model.LaneFull(worker, postponed);
                return new PoolEvent.LaneFull(new(worker.Id), new(postponed), now);
            case PoolVerb.Finish when Pick(model, action, w => w.Connections.Count > 0) is { } worker:
                var done = worker.Connections.Keys.Order().ElementAt(action.Amount % worker.Connections.Count);
                model.Finish(worker, done);
                return new PoolEvent.Done(new(worker.Id), new(done), now);
            case PoolVerb.Return when Pick(model, action, w => w.Connections.Count > 0) is { } worker:
                var returned = worker.Connections.Keys.Order().ElementAt(action.Amount % worker.Connections.Count);
                model.Return(worker, returned);
                return new PoolEvent.Returned(new(worker.Id), new(returned), now);
            case PoolVerb.Park when Pick(model, action, w => w.Connections.Count > 0) is { } worker:
                var parked = worker.Connections.Keys.Order().ElementAt(action.Amount % worker.Connections.Count);
                model.Park(worker, parked);
                return new PoolEvent.Parked(new(worker.Id), new(parked), action.Pick % 2 == 0 ? null : now, now);
            case PoolVerb.Wake when model.Parked.Count > 0:
                var woken = model.Parked[action.Pick % model.Parked.Count];
                model.Wake(woken);
                return new PoolEvent.Woken(new(woken), now);
            case PoolVerb.Crash or PoolVerb.FailToStart when Pick(model, action, _ => true) is { } worker:
                var continuable = worker.Connections.Keys.Where(c => (c + action.Amount) % 4 != 0).ToArray();
                long? suspect = action.Amount % 3 > 0 && worker.Connections.Count > 0 ? worker.Connections.Keys.Min() : null;
                model.Die(worker, continuable, suspect);
                var ids = new Arr<ConnectionId>(continuable.Select(c => new ConnectionId(c)));
                return new PoolEvent.WorkerExited(new(worker.Id), new WorkerExit.Killed(6), ids, suspect is { } c ? new ConnectionId(c) : null, 0.5, now);
            default:
                return null;
        }
    }

    private static PoolModel.ModelWorker? Pick(PoolModel model, PoolAction action, Func<PoolModel.ModelWorker, bool> which) =>
        model.Workers.Where(which).ToArray() is { Length: > 0 } found ? found[action.Pick % found.Length] : null;

    private static string? Difference(PoolModel model, PoolStep step)
    {
        var expected = string.Join(", ", model.Said);
        model.Said.Clear();
        var said = string.Join(", ", step.Commands.Select(Meaning));
        if (said != expected)
            return $"expected {expected}; said {said}";

        var workers = step.State.Workers.ToArray();
        var idle = workers.Count(w => w is { State: WorkerState.Serving, Load: 0 });
        var busy = workers.Count(w => w.State is WorkerState.Serving serving && serving.Slots == w.Load);
        var counts = (workers.Length, idle, busy, step.State.Waiting.Count, step.State.Resuming.Count, step.State.Parked.Count, step.State.Tally.Continued);
        var wanted = (model.Workers.Count, model.Idle, model.Busy, model.Waiting.Count, model.Resuming.Count, model.Parked.Count, model.Continued);
        return counts == wanted ? null : $"workers, idle, busy, waiting, resuming, parked, continued: expected {wanted}, are {counts}";
    }

    private static string Meaning(PoolCommand command) => command switch
    {
        PoolCommand.Spawn(var w) => $"spawn {w}",
        PoolCommand.Dispatch(var c, var w) => $"dispatch {c} {w}",
        PoolCommand.Queue(var c, _) => $"wait {c}",
        PoolCommand.Release(var c) => $"release {c}",
        PoolCommand.Reject(var c, var reason, _) => $"reject {c} {reason}",
        PoolCommand.Watch(var c) => $"watch {c}",
        PoolCommand.PauseAccept => "pause",
        PoolCommand.ResumeAccept => "resume",
        _ => $"{command}",
    };
}
