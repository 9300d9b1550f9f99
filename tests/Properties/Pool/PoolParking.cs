using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;
using Place = Trainyard.Core.Pool.Custody;

namespace Trainyard.Properties.Pool;

/// <summary>A connection on which nothing is to be done costs no slot, and next to nothing else.</summary>
public class PoolParking
{
    private const int Many = 100_000;

    [Fact]
    public void A_parked_connection_leaves_its_slot_to_others_and_gets_one_when_it_wakes()
    {
        var world = PoolWorld.Ready(1);
        world.Begin(1);
        world.Feed(new PoolEvent.Accepted(new(2), PeerKey.None, world.Now));
        Assert.Equal(
            [new PoolCommand.Watch(new(1)), new PoolCommand.Dispatch(new(2), new(1))],
            world.Feed(new PoolEvent.Parked(new(1), new(1), null, world.Now)));
        world.Feed(new PoolEvent.Accepted(new(3), PeerKey.None, world.Now));
        Assert.Equal([new PoolCommand.Queue(new(1), 2)], world.Feed(new PoolEvent.Woken(new(1), world.Now)));
        Assert.True(world.State.Find(new(1)) is Place.Resuming { IsIdle: true });
        Assert.Equal([new PoolCommand.Release(new(2)), new PoolCommand.Dispatch(new(1), new(1))], world.Feed(new PoolEvent.Done(new(1), new(2), world.Now)));
        Assert.Equal(new PoolTally(3, Completed: 1, 0, 0, 0, Redispatched: 0, Continued: 0), world.State.Tally);
    }

    [Fact]
    public void A_connection_that_wakes_beside_a_free_slot_is_dispatched_at_once()
    {
        var world = PoolWorld.Ready(1);
        world.Begin(1);
        world.Feed(new PoolEvent.Parked(new(1), new(1), null, world.Now));
        Assert.Equal([new PoolCommand.Dispatch(new(1), new(1))], world.Feed(new PoolEvent.Woken(new(1), world.Now)));
    }

    /// <summary>It was told from then on that it has begun: what is cut now is cut in the middle.</summary>
    [Fact]
    public void Only_until_it_is_acknowledged_does_it_stand_between_two_answers()
    {
        foreach (var isAcknowledged in new[] { false, true })
        {
            var world = PoolWorld.Ready(1);
            world.Begin(1);
            world.Feed(new PoolEvent.Parked(new(1), new(1), null, world.Now));
            world.Feed(new PoolEvent.Woken(new(1), world.Now));
            if (isAcknowledged)
                world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
            world.Feed(new PoolEvent.Drain(null, world.Now));
            Assert.Contains(
                new PoolCommand.Reject(new(1), isAcknowledged ? RejectReason.Interrupted : RejectReason.ShuttingDown, TimeSpan.Zero),
                world.Die(1, [1]));
        }
    }

    [Property]
    public Property Each_is_ended_at_its_time_and_not_before(NonNegativeInt[] times)
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { HungAfter = null });
        var until = times.Select(one => one.Get % 50).ToArray();
        for (var i = 0; i < until.Length; i++)
        {
            world.Begin(i + 1);
            world.Feed(new PoolEvent.Parked(new(1), new(i + 1), PoolWorld.Epoch.AddSeconds(until[i]), world.Now));
        }
        world.Begin(until.Length + 1);
        world.Feed(new PoolEvent.Parked(new(1), new(until.Length + 1), null, world.Now));
        for (var second = 0; second <= 50; second++)
        {
            world.Pass(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
            var due = until.Count(one => one <= second);
            if (world.State.Parked.Count != until.Length + 1 - due || world.State.Tally.Completed != due)
                return false.Label($"{world.State.Parked.Count} of {until.Length + 1} left before {second + 1} s");
            world.Pass(TimeSpan.FromTicks(1));
        }
        var order = world.Commands.OfType<PoolCommand.Reject>().Select(one => until[one.Connection.Value - 1]).ToArray();
        return order.SequenceEqual(order.Order()).Label("order")
            .And(world.Commands.OfType<PoolCommand.Reject>().All(one => one is { Reason: RejectReason.Idle, RetryAfter.Ticks: 0 }))
            .And((world.Ledger.Breaches.Count == 0).Label(string.Join("; ", world.Ledger.Breaches)));
    }

    [Fact]
    public void One_that_wakes_is_not_ended_at_its_time()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { HungAfter = null });
        world.Begin(1);
        world.Feed(new PoolEvent.Parked(new(1), new(1), world.Now.AddSeconds(1), world.Now));
        world.Feed(new PoolEvent.Woken(new(1), world.Now));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        Assert.Null(PoolMachine.NextDeadline(world.State));
        world.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(1, world.State.Tally.Held);
    }

    [Fact]
    public void Parked_connections_count_for_their_address()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { PerAddress = 1, HungAfter = null });
        var peer = PeerKey.OfIPv4(1);
        world.Feed(new PoolEvent.Accepted(new(1), peer, world.Now));
        world.Feed(new PoolEvent.Parked(new(1), new(1), world.Now.AddSeconds(1), world.Now));
        Assert.IsType<PoolCommand.Reject>(Assert.Single(world.Feed(new PoolEvent.Accepted(new(2), peer, world.Now))));
        world.Pass(TimeSpan.FromSeconds(1));
        Assert.IsType<PoolCommand.Dispatch>(Assert.Single(world.Feed(new PoolEvent.Accepted(new(3), peer, world.Now))));
    }

    /// <summary>The steps over so many finish in a moment, as long as none of them looks at all the others.</summary>
    [Fact]
    public void A_crowd_of_parked_connections_wakes_expires_and_is_handed_on()
    {
        var now = PoolWorld.Epoch;
        var state = PoolMachine.Start(new PoolPolicy(1) { HungAfter = null, PerAddress = int.MaxValue }, now).State;
        state = PoolMachine.Step(state, new PoolEvent.WorkerReady(new(1), 1, 0, now)).State;
        for (var i = 1; i <= Many; i++)
        {
            state = PoolMachine.Step(state, new PoolEvent.Accepted(new(i), PeerKey.OfIPv4((uint)i), now)).State;
            state = PoolMachine.Step(state, new PoolEvent.Acknowledged(new(1), new(i), now)).State;
            state = PoolMachine.Step(state, new PoolEvent.Parked(new(1), new(i), now.AddSeconds(1 + (i % 7)), now)).State;
            Assert.Equal(now.AddSeconds(i < 7 ? 2 : 1), PoolMachine.NextDeadline(state));
        }

        var expired = PoolMachine.Step(state, new PoolEvent.Tick(now.AddSeconds(7)));
        Assert.Equal((Many, 0), (expired.Commands.Count, expired.State.Parked.Count));
        var stopped = PoolMachine.Step(state, new PoolEvent.StopNow(now));
        Assert.Equal(Many, stopped.State.Tally.Rejected);
        var pending = PoolMachine.Step(state, new PoolEvent.Upgrade(null, now)).State;
        var upgraded = PoolMachine.Step(pending, new PoolEvent.SuccessorReady(now));
        Assert.Equal(Many, upgraded.State.HandingOn.Count);
        for (var i = Many; i >= 1; i--)
        {
            state = PoolMachine.Step(state, new PoolEvent.Woken(new(i), now)).State;
            state = PoolMachine.Step(state, new PoolEvent.Done(new(1), new(i), now)).State;
        }
        Assert.Equal((0, Many, 0), (state.Parked.Count, state.Tally.Completed, state.Peers.Peers));
    }
}
