using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>Workers that have served long enough or grown too large: replaced first, spread, and in turn.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 300)]
public class PoolRecycling
{
    /// <summary>Whatever happens: recycling sends a worker out only where no other is on its way out.</summary>
    [Property]
    public Property Recycling_takes_one_worker_at_a_time(PoolScenario scenario)
    {
        var policy = scenario.Policy with { RecycleAfter = scenario.Policy.RecycleAfter ?? 2 };
        var world = new PoolScenario(policy, scenario.Actions).Play();
        var state = PoolMachine.Start(policy, PoolWorld.Epoch).State;
        var recycled = 0;
        foreach (var ev in world.Events)
        {
            var before = state;
            state = PoolMachine.Step(state, ev).State;
            // Only these may send workers out for another reason.
            if (!state.IsRunning || ev is PoolEvent.Reload or PoolEvent.Retire or PoolEvent.Resize or PoolEvent.ResizeTo)
                continue;
            var others = Out(before).Where(id => Out(state).Contains(id)).ToArray();
            var sent = Out(state).Except(Out(before)).ToArray();
            recycled += sent.Length;
            if (sent.Length > 0 && sent.Length + others.Length > 1)
                return false.Label($"{string.Join(' ', sent)} beside {string.Join(' ', others)} on {ev}");
        }
        return true.Classify(recycled > 0, "recycled");

        static int[] Out(PoolState state) =>
            [.. state.Workers.ToArray().Where(w => w is { Outgoing: true, State: WorkerState.Serving or WorkerState.Starting }).Select(w => w.Id.Value)];
    }

    /// <summary>Nobody who is worn out is forgotten while nobody else is on the way out.</summary>
    [Property]
    public Property Whoever_is_worn_out_gets_its_turn(PositiveInt workers)
    {
        var count = 1 + (workers.Get % 6);
        var world = PoolWorld.Ready(count, new PoolPolicy(count) { RecycleAfter = 1 });
        for (var i = 1; i <= count; i++)
            world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now));
        for (var i = 1; i <= count; i++)
            world.Feed(new PoolEvent.Done(new(i), new(i), world.Now));
        for (var i = 1; i <= count; i++)
        {
            var starting = world.Ledger.Workers.Values.Where(w => !w.IsReady).ToArray();
            if (starting.Length != 1)
                return false.Label($"{starting.Length} start at once");
            var said = world.Feed(new PoolEvent.WorkerReady(starting[0].Id, 1, 0, world.Now));
            if (!said.Contains(new PoolCommand.SendExit(new(i), HandOver: true)))
                return false.Label($"w{i} does not leave for {starting[0].Id}");
        }
        return world.Ledger.Workers.Values.All(w => w.IsReady).ToProperty();
    }

    [Property]
    public Property Jitter_spreads_recycling_over_the_last_quarter(PositiveInt after, NonNegativeInt spread)
    {
        var policy = new PoolPolicy(1) { RecycleAfter = after.Get };
        var jitter = spread.Get % 1000 / 1000.0;
        var state = PoolMachine.Start(policy, PoolWorld.Epoch).State;
        var at = PoolMachine.Step(state, new PoolEvent.WorkerReady(new(1), 1, jitter, PoolWorld.Epoch)).State.Workers[0].RecycleAt;
        var exact = after.Get * (1 - (jitter / 4));
        return (at >= 1 && at >= after.Get * 0.75 && at <= after.Get && Math.Abs(at.Value - exact) <= 1).Label($"{at} for {exact}");
    }

    [Fact]
    public void A_worker_leaves_after_exactly_its_number_of_connections()
    {
        var world = new PoolWorld(new PoolPolicy(1) { RecycleAfter = 8 });
        world.Feed(new PoolEvent.WorkerReady(new(1), 1, 0.5, world.Now));
        for (var i = 1; i <= 7; i++)
        {
            world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now));
            Assert.Equal(i == 7, world.Feed(new PoolEvent.Done(new(1), new(i), world.Now)).Contains(new PoolCommand.Spawn(new(2))));
        }
    }

    [Fact]
    public void A_worker_that_has_grown_too_large_is_replaced_first()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { RecycleAboveBytes = 100 });
        Assert.Empty(world.Feed(new PoolEvent.Heartbeat(new(1), 0, 101, world.Now)));
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Feed(new PoolEvent.Heartbeat(new(1), 0, 100, world.Now));
        Assert.Equal([new PoolCommand.Release(new(1))], world.Feed(new PoolEvent.Done(new(1), new(1), world.Now)));
        Assert.Equal([new PoolCommand.Spawn(new(2))], world.Feed(new PoolEvent.Heartbeat(new(1), 1, 101, world.Now)));
        Assert.True(world.Ledger.Workers[1].MayBeOffered);
        Assert.Equal([new PoolCommand.SendExit(new(1), HandOver: true)], world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now)));
    }
}
