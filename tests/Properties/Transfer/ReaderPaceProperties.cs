using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Transfer;
using Xunit;

namespace Trainyard.Properties.Transfer;

/// <summary>Who reads fast is found out, who reads slowly never counts as fast, however the bytes are cut.</summary>
public class ReaderPaceProperties
{
    [Property]
    public Property A_peer_that_takes_a_window_in_time_becomes_fast_and_one_that_does_not_never() =>
        Prop.ForAll(Cuts, Gen.Choose(0, 2000).ToArbitrary(), (cuts, windowMs) =>
        {
            var (pace, wasFast) = (default(ReaderPace), false);
            foreach (var (end, count) in cuts)
            {
                pace = pace.Took(count, end * windowMs / ReaderPace.Window);
                wasFast |= pace.IsFast;
            }
            // A piece, a sixteenth of a window, lies before the first look at the time or behind the last one.
            var isAsExpected = windowMs <= ReaderPace.FastMs * 7 / 8 ? wasFast : windowMs < ReaderPace.FastMs * 9 / 8 || !wasFast;
            return isAsExpected.Label($"{windowMs} ms a window, fast: {wasFast}");
        });

    [Property]
    public bool What_is_neither_fast_nor_slow_changes_nothing(byte steps)
    {
        var fast = default(ReaderPace).Took(1, 0).Took(ReaderPace.Window - 1, 0);
        var (slow, now) = (default(ReaderPace), 0L);
        for (var step = 0; step < steps; step++)
        {
            (slow, fast) = (slow.Took(1, now), fast.Took(1, now));
            now += ReaderPace.SlowMs;
            (slow, fast) = (slow.Took(ReaderPace.Window - 1, now), fast.Took(ReaderPace.Window - 1, now));
        }
        return fast.IsFast && !slow.IsFast;
    }

    [Fact]
    public void A_fast_peer_that_becomes_slow_is_fast_no_more()
    {
        var pace = default(ReaderPace).Took(1, 0).Took(ReaderPace.Window, 0);
        Assert.True(pace.IsFast);
        Assert.False(pace.Took(1, 1000).Took(ReaderPace.Window, 1001 + ReaderPace.SlowMs).IsFast);
    }

    [Fact]
    public void The_time_between_two_transfers_does_not_count() =>
        Assert.True(default(ReaderPace).Took(1, 0).Took(ReaderPace.Window, 1).Took(1, 1_000_000).Took(ReaderPace.Window, 1_000_001).IsFast);

    // Pieces of up to a sixteenth of a window, of three windows in all.
    private static Arbitrary<(long End, long Count)[]> Cuts { get; } =
        Gen.Choose(1, (int)ReaderPace.Window / 16).ListOf(48 + 400).Select(counts =>
        {
            var (end, pieces) = (0L, new List<(long, long)>());
            foreach (var count in counts.TakeWhile(_ => end < 3 * ReaderPace.Window))
                pieces.Add((end += count, count));
            return pieces.ToArray();
        }).ToArbitrary();
}
