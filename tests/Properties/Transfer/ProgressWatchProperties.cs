using FsCheck.Xunit;
using Trainyard.Core.Transfer;
using Xunit;

namespace Trainyard.Properties.Transfer;

/// <summary>A standstill is told from slowness, with any times and any limit.</summary>
public class ProgressWatchProperties
{
    [Property]
    public bool Any_limit_and_any_times_have_an_answer(long started, long limit, long now)
    {
        var watch = new ProgressWatch(Time(started), TimeSpan.FromTicks(limit));
        return watch.IsStalled(Time(now)) == (watch.Deadline <= Time(now)) && watch.Deadline >= watch.LastMoved;
    }

    [Property]
    public bool What_moved_just_now_does_not_stand_still(long started, long now, int limit) =>
        !new ProgressWatch(Time(started), TimeSpan.FromSeconds(1 + Math.Abs((long)limit))).Moved(Time(now)).IsStalled(Time(now))
        || Time(now) == DateTimeOffset.MaxValue;

    [Fact]
    public void A_limit_beyond_the_calendar_is_never_reached_before_its_end()
    {
        var watch = new ProgressWatch(DateTimeOffset.MaxValue.AddDays(-1), TimeSpan.MaxValue);
        Assert.Equal(DateTimeOffset.MaxValue, watch.Deadline);
        Assert.False(watch.IsStalled(DateTimeOffset.MaxValue.AddHours(-1)));
    }

    [Fact]
    public void Without_a_limit_nothing_stands_still() =>
        Assert.False(new ProgressWatch(DateTimeOffset.MinValue, null).IsStalled(DateTimeOffset.MaxValue));

    private static DateTimeOffset Time(long ticks) => new((ticks & long.MaxValue) % DateTimeOffset.MaxValue.Ticks, TimeSpan.Zero);
}
