using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>The accept rate is a token bucket that pauses the listeners and rejects nobody.</summary>
public class PoolAcceptRate
{
    /// <summary>A source that takes nothing while accepting is paused, asks at any times, and ticks when it is due or later.</summary>
    [Property(MaxTest = 300)]
    public Property Over_any_time_not_more_than_the_burst_and_what_is_due(PositiveInt rate, bool isFraction, NonNegativeInt[] gaps)
    {
        var perSecond = isFraction ? rate.Get / 7.0 : rate.Get;
        var at = Accept(perSecond, gaps.Select(gap => TimeSpan.FromTicks((long)gap.Get * gap.Get * 1000)), out var rejected);
        for (var from = 0; from < at.Count; from++)
            for (var to = from; to < at.Count; to++)
            {
                var most = Math.Max(1, perSecond) + (perSecond * (at[to] - at[from]).TotalSeconds);
                // The window is closed at both ends; only the comparison itself is rounded.
                if (to - from + 1 > most * (1 + 1e-12))
                    return false.Label($"{to - from + 1} in {at[to] - at[from]} at {perSecond}/s");
            }
        return (!rejected).Label("rejected");
    }

    /// <summary>And not fewer: a source that always wants gets what is due, but for the wait that makes a pause worth it.</summary>
    [Property(MaxTest = 50)]
    public Property A_source_that_always_wants_gets_its_rate(PositiveInt rate)
    {
        var perSecond = 1 + (rate.Get % 500);
        var at = Accept(perSecond, Enumerable.Repeat(TimeSpan.Zero, 4 * perSecond), out _);
        var expected = TimeSpan.FromSeconds(3) + TimeSpan.FromSeconds(0.01);
        return (at.Count == 4 * perSecond && at[^1] - at[0] <= expected).Label($"{at.Count} in {at[^1] - at[0]}");
    }

    /// <summary>Whoever accepts over a pause (a batch that was on its way) waits for it later: nothing is forgiven.</summary>
    [Property(MaxTest = 100)]
    public Property What_was_taken_over_the_rate_is_owed(PositiveInt rate, PositiveInt batch)
    {
        var perSecond = 1 + (rate.Get % 100);
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { AcceptRate = perSecond, Backlog = int.MaxValue, HungAfter = null, MaximumWait = null });
        var taken = perSecond + (batch.Get % 300);
        for (var i = 1; i <= taken; i++)
            world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now));
        var owed = taken - perSecond;
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        var wait = world.State.ThrottledUntil - world.Now;
        return (world.State.AcceptPaused && wait > TimeSpan.FromSeconds((double)owed / perSecond)).Label($"{wait} for {owed} at {perSecond}/s")
            .And(world.Ledger.Breaches.Count == 0);
    }

    [Fact]
    public void A_pause_ends_with_the_tick_that_is_due()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { AcceptRate = 0.5, HungAfter = null });
        Assert.Contains(new PoolCommand.PauseAccept(), world.Feed(new PoolEvent.Accepted(new(1), PeerKey.None, world.Now)));
        world.Feed(new PoolEvent.Acknowledged(new(1), new(1), world.Now));
        Assert.Equal(world.Now.AddSeconds(2), PoolMachine.NextDeadline(world.State));
        world.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(new PoolCommand.ResumeAccept(), world.Commands[^1]);
    }

    private static List<DateTimeOffset> Accept(double rate, IEnumerable<TimeSpan> gaps, out bool rejected)
    {
        var state = PoolMachine.Start(new PoolPolicy(1) { AcceptRate = rate, Backlog = int.MaxValue, MaximumWait = null, ReadyWithin = TimeSpan.MaxValue }, PoolWorld.Epoch).State;
        var now = PoolWorld.Epoch;
        var at = new List<DateTimeOffset>();
        rejected = false;
        foreach (var gap in gaps)
        {
            now += gap;
            // A tick that comes too early, for another deadline's sake, ends no pause.
            state = PoolMachine.Step(state, new PoolEvent.Tick(now)).State;
            while (state.AcceptPaused)
            {
                var due = PoolMachine.NextDeadline(state)!.Value;
                now = due > now ? due : now;
                state = PoolMachine.Step(state, new PoolEvent.Tick(now)).State;
            }
            var step = PoolMachine.Step(state, new PoolEvent.Accepted(new(at.Count + 1), PeerKey.None, now));
            rejected |= step.Commands.OfType<PoolCommand.Reject>().Any();
            state = step.State;
            at.Add(now);
        }
        return at;
    }
}
