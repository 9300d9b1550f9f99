using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>An upgrade: nobody who can still be served is turned away, and a successor is taken or abandoned, never forgotten.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 200)]
public class PoolHandingOn
{
    [Property]
    public Property With_a_successor_that_takes_everything_nobody_is_rejected(PoolScenario before, PoolScenario after)
    {
        var world = before.Play();
        if (!world.State.IsRunning)
            return true.Classify(true, "ended before");
        world.Feed(new PoolEvent.Upgrade(null, world.Now));
        var inOrder = world.Ledger.Resuming.Concat(world.Ledger.Waiting).Concat(world.Ledger.Parked).ToArray();
        var said = world.Feed(new PoolEvent.SuccessorReady(world.Now));
        var (rejected, commands) = (world.State.Tally.Rejected, world.Commands.Count);
        foreach (var action in after.Actions.Where(one => one.Verb is not (PoolVerb.NotHandedOn or PoolVerb.Stray)))
            world.Do(action);
        world.Feed(new PoolEvent.Drain(null, world.Now));
        world.Behave(seconds: 60);
        return said.OfType<PoolCommand.HandOn>().Select(one => one.Connection.Value).SequenceEqual(inOrder).Label("order")
            .And((world.State.Tally.Rejected == rejected).Label($"{world.State.Tally.Rejected - rejected} rejected"))
            .And(world.Commands.Skip(commands).All(one => one is not PoolCommand.Reject { Reason: RejectReason.Interrupted }).Label("interrupted"))
            .And((world.Ledger.Verdict is not null).Label($"{world.State.Phase}"))
            .And((world.Ledger.Breaches.Count == 0).Label(string.Join("; ", world.Ledger.Breaches)))
            .Classify(world.State.Tally.HandedOn > 0, "handed on");
    }

    [Fact]
    public void What_a_worker_gives_back_and_what_was_in_the_pipe_is_handed_on()
    {
        var world = PoolWorld.Ready(2);
        foreach (var id in new[] { 1, 2, 3 })
            world.Feed(new PoolEvent.Accepted(new(id), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        world.Feed(new PoolEvent.Upgrade(TimeSpan.FromSeconds(7), world.Now));
        Assert.Equal(
            [
                new PoolCommand.CloseListeners(),
                new PoolCommand.HandOn(new(3)),
                new PoolCommand.SendExit(new(1), HandOver: true),
                new PoolCommand.SendExit(new(2), HandOver: true),
                new PoolCommand.PauseAccept(),
            ],
            world.Feed(new PoolEvent.SuccessorReady(world.Now)));
        Assert.Equal(new Phase.Draining(TimeSpan.FromSeconds(7), world.Now, Successor: true), world.State.Phase);
        Assert.Equal([new PoolCommand.HandOn(new(4))], world.Feed(new PoolEvent.Accepted(new(4), PeerKey.None, world.Now)));
        Assert.Equal([new PoolCommand.HandOn(new(2))], world.Feed(new PoolEvent.Refused(new(2), new(2), world.Now)));
        Assert.Equal(
            [new PoolCommand.HandOn(new(1))],
            world.Feed(new PoolEvent.WorkerExited(new(1), new WorkerExit.Killed(9), new Arr<ConnectionId>([new(1)]), null, 0, world.Now)));
        Assert.Empty(world.Feed(new PoolEvent.WorkerExited(new(2), new WorkerExit.Exited(0), default, null, 0, world.Now)));

        foreach (var id in new[] { 1, 2, 4 })
            Assert.Equal([new PoolCommand.Release(new(id))], world.Feed(new PoolEvent.HandedOn(new(id), world.Now)));
        var verdict = new PoolVerdict(PoolEnd.Drained, Completed: 0, HandedOn: 3, Rejected: 1, Aborted: 0);
        Assert.Equal(
            [new PoolCommand.Reject(new(3), RejectReason.ShuttingDown, TimeSpan.Zero), new PoolCommand.Exit(verdict)],
            world.Feed(new PoolEvent.NotHandedOn(new(3), world.Now)));
    }

    /// <summary>What comes back when patience has run out can be served by the successor as well as what came back before.</summary>
    [Fact]
    public void What_comes_back_after_the_deadline_is_handed_on()
    {
        var world = PoolWorld.Ready(1);
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        world.Feed(new PoolEvent.Upgrade(TimeSpan.FromSeconds(1), world.Now));
        world.Feed(new PoolEvent.SuccessorReady(world.Now));
        world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(
            [new PoolCommand.HandOn(new(1))],
            world.Feed(new PoolEvent.WorkerExited(new(1), new WorkerExit.Killed(9), new Arr<ConnectionId>([new(1)]), null, 0, world.Now)));
    }

    [Property]
    public bool A_successor_that_is_late_is_abandoned_and_the_pool_goes_on(PositiveInt milliseconds)
    {
        var within = TimeSpan.FromMilliseconds(milliseconds.Get);
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { SuccessorWithin = within, HungAfter = null });
        world.Feed(new PoolEvent.Upgrade(null, world.Now));
        world.Pass(within - TimeSpan.FromTicks(1));
        var early = world.Commands.OfType<PoolCommand.AbandonSuccessor>().Count();
        world.Pass(TimeSpan.FromTicks(1));
        var late = world.Commands.OfType<PoolCommand.AbandonSuccessor>().Count();
        // Its answer comes too late to mean anything; a new one may be started.
        var stray = world.Feed(new PoolEvent.SuccessorReady(world.Now));
        return (early, late, stray.Length) == (0, 1, 0)
            && world.Feed(new PoolEvent.Upgrade(null, world.Now)) is [PoolCommand.StartSuccessor];
    }

    [Fact]
    public void Whoever_is_told_to_end_abandons_the_successor_that_has_not_answered()
    {
        foreach (PoolEvent end in new PoolEvent[] { new PoolEvent.Drain(null, PoolWorld.Epoch), new PoolEvent.StopNow(PoolWorld.Epoch) })
        {
            var world = PoolWorld.Ready(1);
            world.Feed(new PoolEvent.Upgrade(null, world.Now));
            Assert.Equal(new PoolCommand.AbandonSuccessor(), world.Feed(end)[0]);
            Assert.False(world.State.HasSuccessor);
        }
    }
}
