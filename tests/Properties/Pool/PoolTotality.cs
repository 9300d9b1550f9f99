using System.Reflection;
using LanguageExt;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>Every event in every phase gives a step, whatever its numbers are.</summary>
public class PoolTotality
{
    private static readonly DateTimeOffset[] Times = [DateTimeOffset.MinValue, PoolWorld.Epoch, PoolWorld.Epoch.AddHours(1), DateTimeOffset.MaxValue];

    private static readonly TimeSpan[] Spans = [TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.MaxValue];

    [Fact]
    public void Every_case_is_among_the_events_tried() =>
        Assert.Equal(
            typeof(PoolEvent).GetNestedTypes(BindingFlags.Public).Select(t => t.Name).Order(),
            Times.SelectMany(Events).Select(ev => ev.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_case_is_among_the_stray_events() =>
        Assert.Equal(
            typeof(PoolEvent).GetNestedTypes(BindingFlags.Public).Select(t => t.Name).Order(),
            Enumerable.Range(0, StrayEvents.Kinds).Select(kind => StrayEvents.Make(kind, 0, PoolWorld.Epoch).GetType().Name).Distinct().Order());

    [Fact]
    public void Nothing_throws_in_any_phase_under_any_policy()
    {
        foreach (var policy in Policies())
            foreach (var (_, state) in PoolSamples.Phases(policy))
                foreach (var ev in Times.SelectMany(Events))
                {
                    var step = PoolMachine.Step(state, ev);
                    foreach (var next in Events(DateTimeOffset.MaxValue, 1))
                        PoolMachine.NextDeadline(PoolMachine.Step(step.State, next).State);
                    PoolMachine.NextDeadline(step.State);
                }
    }

    [Fact]
    public void A_stopped_pool_commands_nothing_and_waits_for_nothing()
    {
        var (_, stopped) = PoolSamples.Phases(new PoolPolicy(2)).Last(one => one.State.Phase is Phase.Stopped);
        foreach (var ev in Times.SelectMany(Events))
        {
            var step = PoolMachine.Step(stopped, ev);
            Assert.Empty(step.Commands);
            Assert.Same(stopped, step.State);
        }
        Assert.Null(PoolMachine.NextDeadline(stopped));
    }

    [Fact]
    public void The_number_of_workers_is_bounded_whatever_is_asked()
    {
        Assert.Equal(PoolPolicy.MostWorkers, PoolMachine.Start(new PoolPolicy(int.MaxValue), PoolWorld.Epoch).Commands.Count);
        Assert.Single(PoolMachine.Start(new PoolPolicy(int.MinValue), PoolWorld.Epoch).Commands);
    }

    private static IEnumerable<PoolPolicy> Policies() =>
        from span in Spans
        from number in new[] { int.MinValue, 0, 2, int.MaxValue }
        select new PoolPolicy(Math.Min(number, 3))
        {
            Backlog = number,
            MaximumOffers = number,
            MaximumStrikes = number,
            MaximumUnanswered = number,
            CrashLoopFailures = number,
            RecycleAfter = number,
            RecycleAboveBytes = number,
            PerAddress = number,
            AcceptRate = number switch { 0 => double.NaN, 2 => 1, < 0 => double.NegativeInfinity, _ => double.MaxValue },
            SuccessorWithin = span,
            MaximumWait = span,
            AcknowledgeWithin = span,
            RefusalPause = span,
            ReadyWithin = span,
            HungAfter = span,
            StuckAfter = span,
            DumpGrace = span,
            ExhaustedPause = span,
            BackoffBase = span,
            BackoffLimit = span,
            HealthyAfter = span,
            CrashLoopWindow = span,
        };

    private static IEnumerable<PoolEvent> Events(DateTimeOffset now) => Events(now, int.MinValue, 1, 2, 99);

    private static IEnumerable<PoolEvent> Events(DateTimeOffset now, params int[] ids)
    {
        foreach (var id in ids)
        {
            var worker = new WorkerId(id);
            var connection = new ConnectionId(id);
            yield return new PoolEvent.Accepted(connection, PeerKey.OfIPv4(1), now);
            yield return new PoolEvent.Adopted(connection, PeerKey.OfIPv4(1), now);
            yield return new PoolEvent.WorkerReady(worker, id, id > 1 ? double.NaN : id, now);
            yield return new PoolEvent.Acknowledged(worker, connection, now);
            yield return new PoolEvent.Refused(worker, connection, now);
            yield return new PoolEvent.LaneFull(worker, connection, now);
            yield return new PoolEvent.Done(worker, connection, now);
            yield return new PoolEvent.Returned(worker, connection, now);
            yield return new PoolEvent.Parked(worker, connection, null, now);
            yield return new PoolEvent.Parked(worker, connection, DateTimeOffset.MinValue, now);
            yield return new PoolEvent.Parked(worker, connection, DateTimeOffset.MaxValue, now);
            yield return new PoolEvent.Woken(connection, now);
            yield return new PoolEvent.WorkerExited(worker, new WorkerExit.Killed(id), default, connection, 0, now);
            yield return new PoolEvent.WorkerExited(worker, new WorkerExit.OutOfMemory(), default, connection, 0, now);
            yield return new PoolEvent.WorkerExited(worker, new WorkerExit.Disowned(), default, null, 0, now);
            yield return new PoolEvent.WorkerExited(worker, new WorkerExit.NotSpawned(id), default, null, double.NaN, now);
            yield return new PoolEvent.WorkerExited(worker, new WorkerExit.Exited(id), new Arr<ConnectionId>([connection, connection]), connection, double.PositiveInfinity, now);
            yield return new PoolEvent.Silent(worker, id < 0, id < 0 ? TimeSpan.MinValue : TimeSpan.MaxValue, now);
            yield return new PoolEvent.Heartbeat(worker, ulong.MaxValue, id < 0 ? long.MinValue : long.MaxValue, now);
            yield return new PoolEvent.Retire(worker, now);
            yield return new PoolEvent.Resize(id > 2 ? 3 : id, now);
            yield return new PoolEvent.ResizeTo(id > 2 ? 3 : id, now);
            yield return new PoolEvent.HandedOn(connection, now);
            yield return new PoolEvent.NotHandedOn(connection, now);
        }
        foreach (var span in Spans)
        {
            yield return new PoolEvent.Drain(span, now);
            yield return new PoolEvent.Upgrade(span, now);
        }
        yield return new PoolEvent.Drain(null, now);
        yield return new PoolEvent.Tick(now);
        yield return new PoolEvent.AcceptExhausted(now);
        yield return new PoolEvent.StopNow(now);
        yield return new PoolEvent.Reload(now);
        yield return new PoolEvent.Upgrade(null, now);
        yield return new PoolEvent.SuccessorReady(now);
        yield return new PoolEvent.SuccessorFailed(now);
    }
}
