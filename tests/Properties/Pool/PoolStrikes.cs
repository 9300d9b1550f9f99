using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;
using Place = Trainyard.Core.Pool.Custody;

namespace Trainyard.Properties.Pool;

/// <summary>A connection that brings workers down is ended; those that were only with it are not.</summary>
public class PoolStrikes
{
    private static readonly PoolCommand Quarantine = new PoolCommand.Reject(new(1), RejectReason.Quarantined, TimeSpan.Zero);

    [Fact]
    public void A_suspect_is_quarantined_with_its_third_worker_and_a_bystander_never_is()
    {
        var world = Served(1, 2, 3);
        foreach (var strike in new[] { 1, 2 })
        {
            Assert.DoesNotContain(world.Die(strike, [1, 2, 3], suspect: 1), one => one is PoolCommand.Reject);
            Assert.Equal((strike, 0, 0), (Strikes(world, 1), Strikes(world, 2), Strikes(world, 3)));
            GoOn(world);
        }
        Assert.Equal([Quarantine], world.Die(3, [1, 2, 3], suspect: 1).OfType<PoolCommand.Reject>());
        Assert.Equal((1, 0), (world.State.Tally.Aborted, world.State.Tally.Rejected));

        // The others see any number of workers die, in nobody's turn.
        for (var i = 4; i < 14; i++)
        {
            GoOn(world);
            Assert.DoesNotContain(world.Die(i, [2, 3]), one => one is PoolCommand.Reject);
        }
        Assert.Empty(world.Ledger.Breaches);
    }

    [Fact]
    public void A_suspect_that_moved_in_between_starts_anew()
    {
        var world = Served(1);
        foreach (var (worker, suspect, strikes) in new (int, int?, int)[] { (1, 1, 1), (2, 1, 2), (3, null, 0), (4, 1, 1), (5, 1, 2) })
        {
            world.Die(worker, [1], suspect);
            Assert.Equal(strikes, Strikes(world, 1));
            GoOn(world);
        }
        Assert.Contains(Quarantine, world.Die(6, [1], suspect: 1));
    }

    [Fact]
    public void A_suspect_that_was_parked_in_between_starts_anew()
    {
        var world = Served(1);
        world.Die(1, [1], suspect: 1);
        GoOn(world);
        world.Feed(new PoolEvent.Parked(new(2), new(1), null, world.Now));
        Assert.Equal(0, Strikes(world, 1));
    }

    [Fact]
    public void To_be_returned_wipes_nothing_out()
    {
        var world = Served(1);
        world.Die(1, [1], suspect: 1);
        GoOn(world);
        world.Feed(new PoolEvent.Returned(new(2), new(1), world.Now));
        Assert.Equal(1, Strikes(world, 1));
    }

    /// <summary>The worker may have died before it could say that it has it.</summary>
    [Fact]
    public void A_suspect_that_was_only_offered_counts_too()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { MaximumStrikes = 2, MaximumOffers = 9, CrashLoopFailures = 9 });
        world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now));
        world.Die(1, [], suspect: 1);
        Assert.True(world.State.Find(new(1)) is Place.Waiting { Strikes: 1, Offers: 1 });
        world.Feed(new PoolEvent.WorkerReady(new(2), 1, 0, world.Now));
        Assert.Contains(Quarantine, world.Die(2, [], suspect: 1));
        Assert.Empty(world.Ledger.Breaches);
    }

    [Property]
    public bool It_takes_exactly_as_many_workers_as_the_policy_says(int maximum)
    {
        var most = maximum % 8;
        var world = Served(new PoolPolicy(1) { MaximumStrikes = most, CrashLoopFailures = int.MaxValue }, 1);
        for (var i = 1; i < Math.Max(1, most); i++)
        {
            if (world.Die(i, [1], suspect: 1).Contains(Quarantine))
                return false;
            GoOn(world);
        }
        return world.Die(Math.Max(1, most), [1], suspect: 1).Contains(Quarantine);
    }

    private static int? Strikes(PoolWorld world, int connection) => world.State.Find(new(connection))?.Strikes;

    private static PoolWorld Served(params int[] connections) => Served(new PoolPolicy(1), connections);

    private static PoolWorld Served(PoolPolicy policy, params int[] connections)
    {
        var world = new PoolWorld(policy);
        world.Feed(new PoolEvent.WorkerReady(new(1), connections.Length, 0, world.Now));
        world.Begin(connections);
        return world;
    }

    /// <summary>The replacement comes, after its back-off, and takes all that waits.</summary>
    private static void GoOn(PoolWorld world)
    {
        if (world.Ledger.Workers.Count == 0)
            world.Pass(world.Policy.BackoffLimit * 2);
        var worker = world.Ledger.Workers.Values.Single().Id;
        world.Feed(new PoolEvent.WorkerReady(worker, 3, 0, world.Now));
        foreach (var connection in world.Ledger.Workers[worker.Value].Offered.ToArray())
            world.Feed(new PoolEvent.Acknowledged(worker, new(connection), world.Now));
    }
}
