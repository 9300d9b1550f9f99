using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;
using Place = Trainyard.Core.Pool.Custody;

namespace Trainyard.Properties.Pool;

/// <summary>A connection that has begun and loses its worker: another goes on with it, before anybody who has not begun.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 200)]
public class PoolGoingOn
{
    [Property]
    public Property Others_go_on_with_what_a_dead_worker_served_before_anybody_who_waits(PositiveInt served, NonNegativeInt waiting, PositiveInt slots)
    {
        var lost = 1 + (served.Get % 6);
        var world = new PoolWorld(new PoolPolicy(2) { HungAfter = null, MaximumWait = null });
        world.Feed(new PoolEvent.WorkerReady(new(1), lost, 0, world.Now));
        world.Begin([.. Enumerable.Range(1, lost)]);
        for (var i = lost + 1; i <= lost + (waiting.Get % 6); i++)
            world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now));
        var queued = Enumerable.Range(1, lost + (waiting.Get % 6)).ToArray();

        var ends = world.Die(1, queued[..lost]).Count(one => one is PoolCommand.Reject);
        var begin = world.Commands.Count;
        world.Feed(new PoolEvent.WorkerReady(new(2), 1 + (slots.Get % 3), 0, world.Now));
        world.Behave(seconds: 20);
        var order = world.Commands.Skip(begin).OfType<PoolCommand.Dispatch>().Select(one => (int)one.Connection.Value);
        return (ends == 0 && order.SequenceEqual(queued)).Label(string.Join(' ', order))
            .And((world.State.Tally is { Continued: var continued, Redispatched: 0 } && continued == lost).Label($"{world.State.Tally}"))
            .And((world.Ledger.Breaches.Count == 0).Label(string.Join("; ", world.Ledger.Breaches)));
    }

    /// <summary>Somebody kills worker after worker before it can say that it has the connection: that is no reason to end it.</summary>
    [Property]
    public void What_others_kill_before_it_answers_does_not_count_as_having_been_asked(bool hasBegun, PositiveInt kills)
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { HungAfter = null, MaximumWait = null });
        if (hasBegun)
        {
            world.Begin(1);
            world.Die(1, [1]);
        }
        else
            world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        for (var i = 0; i < kills.Get; i++)
        {
            if (world.Ledger.Workers.Count == 0)
                world.Pass(world.Policy.BackoffLimit * 2);
            var worker = world.Ledger.Workers.Values.Single();
            world.Feed(new PoolEvent.WorkerReady(worker.Id, 1, 0, world.Now));
            Assert.Equal([1], worker.Offered);
            Assert.DoesNotContain(
                world.Feed(new PoolEvent.WorkerExited(worker.Id, new WorkerExit.Killed(WorkerExit.KillSignal), default, null, 0, world.Now)),
                static one => one is PoolCommand.Reject);
        }
        Assert.NotNull(world.State.Find(new(1)));
        Assert.Empty(world.Ledger.Breaches);
    }

    [Fact]
    public void What_nobody_can_go_on_with_is_aborted_and_the_rest_is_dispatched_in_the_same_step()
    {
        var world = new PoolWorld(new PoolPolicy(2));
        world.Feed(new PoolEvent.WorkerReady(new(1), 2, 0, world.Now));
        world.Begin(1, 2);
        world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now));
        Assert.Equal(
            [
                new PoolCommand.Reject(new(1), RejectReason.WorkerDied, TimeSpan.Zero),
                new PoolCommand.Dispatch(new(2), new(2)),
                new PoolCommand.Spawn(new(3)),
            ],
            world.Die(1, [2]));
        Assert.Equal(new PoolTally(2, 0, 0, 0, Aborted: 1, 0, Continued: 1), world.State.Tally);
    }

    [Fact]
    public void A_worker_that_retires_hands_over_and_gets_nothing_of_it_back()
    {
        var world = PoolWorld.Ready(1);
        world.Begin(1);
        world.Feed(new PoolEvent.Retire(new(1), world.Now));
        Assert.Equal([new PoolCommand.SendExit(new(1), HandOver: true)], world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now)));
        Assert.Equal([new PoolCommand.Dispatch(new(1), new(2))], world.Feed(new PoolEvent.Returned(new(1), new(1), world.Now)));
        Assert.Equal(0, world.State.Workers.Filter(one => one.Id.Value == 1)[0].Ended);

        // Its successor has no slot for the next one: that waits, though the slot of the one that leaves is free.
        world.Feed(new PoolEvent.Acknowledged(new(2), new(1), world.Now));
        Assert.Equal([new PoolCommand.Queue(new(2), 1)], world.Feed(new PoolEvent.Accepted(new(2), PeerKey.None, world.Now)));
    }

    [Fact]
    public void Whoever_leaves_hands_over_as_long_as_anybody_can_go_on()
    {
        Assert.True(HandsOver(new PoolEvent.Reload(PoolWorld.Epoch)));
        Assert.True(HandsOver(new PoolEvent.Resize(-1, PoolWorld.Epoch)));
        Assert.True(HandsOver(new PoolEvent.SuccessorReady(PoolWorld.Epoch)));
        Assert.False(HandsOver(new PoolEvent.Drain(null, PoolWorld.Epoch)));

        static bool HandsOver(PoolEvent ev)
        {
            var world = PoolWorld.Ready(2);
            world.Feed(new PoolEvent.Upgrade(null, world.Now));
            world.Feed(ev);
            foreach (var worker in world.Ledger.Workers.Values.Where(w => !w.IsReady).ToArray())
                world.Feed(new PoolEvent.WorkerReady(worker.Id, 1, 0, world.Now));
            return world.Commands.OfType<PoolCommand.SendExit>().Select(one => one.HandOver).Distinct().Single();
        }
    }

    [Fact]
    public void A_drain_without_a_successor_interrupts_what_is_still_returned()
    {
        var world = PoolWorld.Ready(1);
        world.Begin(1);
        world.Feed(new PoolEvent.Retire(new(1), world.Now));
        world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now));
        world.Feed(new PoolEvent.Drain(null, world.Now));
        Assert.Equal(
            [new PoolCommand.Reject(new(1), RejectReason.Interrupted, TimeSpan.Zero)],
            world.Feed(new PoolEvent.Returned(new(1), new(1), world.Now)));
        Assert.Equal(1, world.State.Tally.Aborted);
    }

    [Fact]
    public void The_end_tells_everybody_who_can_be_told_and_interrupts_the_others()
    {
        var world = Everywhere();
        Assert.Equal(
            [
                new PoolCommand.Reject(new(2), RejectReason.Interrupted, TimeSpan.Zero),
                new PoolCommand.Reject(new(4), RejectReason.ShuttingDown, TimeSpan.Zero),
                new PoolCommand.Reject(new(5), RejectReason.ShuttingDown, TimeSpan.Zero),
                new PoolCommand.Reject(new(3), RejectReason.ShuttingDown, TimeSpan.Zero),
            ],
            world.Feed(new PoolEvent.Drain(null, world.Now)).OfType<PoolCommand.Reject>());
    }

    [Fact]
    public void An_upgrade_hands_on_everything_and_what_cannot_be_is_told_where_it_can_be()
    {
        var world = Everywhere();
        world.Feed(new PoolEvent.Upgrade(null, world.Now));
        Assert.Equal(
            [2, 4, 5, 3],
            world.Feed(new PoolEvent.SuccessorReady(world.Now)).OfType<PoolCommand.HandOn>().Select(one => one.Connection.Value));
        Assert.Equal([new PoolCommand.HandOn(new(1))], world.Feed(new PoolEvent.Returned(new(1), new(1), world.Now)));

        foreach (var (id, reason) in new[]
        {
            (1, RejectReason.Interrupted), (2, RejectReason.Interrupted), (3, RejectReason.ShuttingDown), (4, RejectReason.ShuttingDown),
        })
            Assert.Equal([new PoolCommand.Reject(new(id), reason, TimeSpan.Zero)], world.Feed(new PoolEvent.NotHandedOn(new(id), world.Now)));
        Assert.Equal([new PoolCommand.Release(new(5))], world.Feed(new PoolEvent.HandedOn(new(5), world.Now)));
        Assert.Empty(world.Ledger.Breaches);
    }

    [Fact]
    public void What_parks_after_the_upgrade_is_handed_on_and_after_a_drain_told()
    {
        foreach (var hasSuccessor in new[] { true, false })
        {
            var world = PoolWorld.Ready(1);
            world.Begin(1);
            world.Feed(new PoolEvent.Upgrade(null, world.Now));
            world.Feed(hasSuccessor ? new PoolEvent.SuccessorReady(world.Now) : new PoolEvent.Drain(null, world.Now));
            PoolCommand expected = hasSuccessor ? new PoolCommand.HandOn(new(1)) : new PoolCommand.Reject(new(1), RejectReason.ShuttingDown, TimeSpan.Zero);
            Assert.Equal([expected], world.Feed(new PoolEvent.Parked(new(1), new(1), null, world.Now)));
        }
    }

    /// <summary>Rejecting one would cut what runs; but while it waits, nobody else is let in.</summary>
    [Fact]
    public void What_has_begun_waits_as_long_as_it_takes_and_fills_the_backlog()
    {
        var world = PoolWorld.Ready(2, new PoolPolicy(2) { Backlog = 2, HungAfter = null, MaximumWait = TimeSpan.FromSeconds(3) });
        world.Begin(1, 2);
        world.Feed(new PoolEvent.Accepted(new(3), PeerKey.None, world.Now));
        Assert.Contains(new PoolCommand.PauseAccept(), world.Die(1, [1]));
        Assert.Equal(
            [new PoolCommand.Reject(new(4), RejectReason.QueueFull, world.Policy.RetryAfter)],
            world.Feed(new PoolEvent.Accepted(new(4), PeerKey.None, world.Now)));
        world.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal([new PoolCommand.Reject(new(3), RejectReason.WaitedTooLong, world.Policy.RetryAfter), new PoolCommand.ResumeAccept()], world.Commands[^2..]);
        Assert.Equal([new PoolCommand.Release(new(2)), new PoolCommand.Dispatch(new(1), new(2))], world.Feed(new PoolEvent.Done(new(2), new(2), world.Now)));
    }

    [Fact]
    public void Begun_connections_that_nobody_takes_are_interrupted_in_the_middle_and_told_between_two_answers()
    {
        foreach (var isIdle in new[] { false, true })
        {
            var world = PoolWorld.Ready(1, new PoolPolicy(1) { MaximumOffers = 2, RefusalPause = TimeSpan.Zero, HungAfter = null });
            world.Begin(1);
            world.Feed(isIdle ? new PoolEvent.Parked(new(1), new(1), null, world.Now) : new PoolEvent.Returned(new(1), new(1), world.Now));
            world.Feed(new PoolEvent.Woken(new(1), world.Now));
            world.Feed(new PoolEvent.Refused(new(1), new(1), world.Now));
            Assert.Equal(isIdle, world.State.Find(new(1)) is Place.Resuming { IsIdle: true, Offers: 1 });
            world.Pass(TimeSpan.FromSeconds(1));
            var (reason, after) = isIdle ? (RejectReason.NobodyTookIt, world.Policy.RetryAfter) : (RejectReason.Interrupted, TimeSpan.Zero);
            Assert.Equal([new PoolCommand.Reject(new(1), reason, after)], world.Feed(new PoolEvent.Refused(new(1), new(1), world.Now)));
            Assert.Equal((1, isIdle ? 0 : 1), (world.State.Tally.Redispatched, world.State.Tally.Continued));
        }
    }

    /// <summary>Limits below 1 count as 1, so that nothing is ended that was not offered or blamed even once.</summary>
    [Property]
    public bool No_limit_ends_what_has_only_lost_its_worker(int limit)
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { MaximumOffers = limit % 4, MaximumStrikes = limit % 4 });
        world.Begin(1);
        world.Die(1, [1]);
        return world.State.Find(new(1)) is Place.Resuming { IsIdle: false, Strikes: 0, Offers: 0 };
    }

    [Fact]
    public void To_return_or_to_park_is_progress_in_a_drain()
    {
        var world = new PoolWorld(new PoolPolicy(1) { HungAfter = null });
        world.Feed(new PoolEvent.WorkerReady(new(1), 3, 0, world.Now));
        world.Begin(1, 2, 3);
        world.Feed(new PoolEvent.Drain(TimeSpan.FromSeconds(3), world.Now));
        foreach (var ev in new Func<PoolEvent>[]
        {
            () => new PoolEvent.Returned(new(1), new(1), world.Now),
            () => new PoolEvent.Parked(new(1), new(2), null, world.Now),
        })
        {
            world.Pass(TimeSpan.FromSeconds(2));
            world.Feed(ev());
            Assert.Equal(world.Now.AddSeconds(3), PoolMachine.NextDeadline(world.State));
        }
    }

    [Property]
    public Property What_is_told_about_what_is_not_so_changes_nothing(PoolScenario scenario, PositiveInt number, PositiveInt other)
    {
        var world = scenario.Play();
        var (worker, connection, now) = (new WorkerId(number.Get % 6), new ConnectionId(other.Get % 20), world.State.Now);
        var isHeld = world.State.Find(connection)?.Holder == worker;
        var isParked = world.Ledger.Parked.Contains(connection.Value);
        return (isHeld || Changes(new PoolEvent.Returned(worker, connection, now)) is "").Label("returned")
            .And((isHeld || Changes(new PoolEvent.Parked(worker, connection, now, now)) is "").Label("parked"))
            .And((isParked || Changes(new PoolEvent.Woken(connection, now)) is "").Label("woken"));

        string Changes(PoolEvent ev)
        {
            var step = PoolMachine.Step(world.State, ev);
            return step.State == world.State && step.Commands.Count == 0 ? "" : $"{step.Commands}";
        }
    }

    /// <summary>1 is served, 2 stands in the middle, 3 is parked, 4 was parked and is awake, 5 has not begun.</summary>
    private static PoolWorld Everywhere()
    {
        var world = new PoolWorld(new PoolPolicy(2));
        world.Feed(new PoolEvent.WorkerReady(new(1), 1, 0, world.Now));
        world.Begin(1);
        world.Feed(new PoolEvent.WorkerReady(new(2), 3, 0, world.Now));
        world.Begin(2, 3, 4);
        world.Feed(new PoolEvent.Parked(new(2), new(3), null, world.Now));
        world.Feed(new PoolEvent.Parked(new(2), new(4), null, world.Now));
        world.Die(2, [2]);
        world.Feed(new PoolEvent.Woken(new(4), world.Now));
        world.Feed(new PoolEvent.Accepted(new(5), PeerKey.None, world.Now));
        return world;
    }
}
