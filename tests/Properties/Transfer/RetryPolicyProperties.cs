using FsCheck.Xunit;
using Trainyard.Core.Transfer;
using Xunit;

namespace Trainyard.Properties.Transfer;

public sealed class RetryPolicyProperties
{
    [Property]
    public bool Failures_in_a_row_end_and_delays_stay_within_their_bounds(byte retries, int firstMs, int longestMs, double jitter)
    {
        var policy = new RetryPolicy(retries, TimeSpan.FromMilliseconds(firstMs), TimeSpan.FromMilliseconds(longestMs));
        var count = default(RetryCount);
        var tries = 0;
        while (policy.After(count, progressed: false, null, jitter) is var (next, delay))
        {
            if (delay < TimeSpan.Zero || delay > TimeSpan.FromMilliseconds(Math.Max(0, longestMs)) || ++tries > retries)
                return false;
            count = next;
        }
        return tries == retries;
    }

    [Property]
    public bool Progress_begins_the_count_anew(byte retries, byte failed)
    {
        var policy = new RetryPolicy(retries + 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        return policy.After(new(failed), progressed: true, null, 0) is ({ Failed: 1 }, var delay) && delay == TimeSpan.FromSeconds(1);
    }

    [Fact]
    public void Delays_double_up_to_the_longest_and_what_the_server_asks_for_is_kept()
    {
        var policy = new RetryPolicy(100, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        var delays = Enumerable.Range(0, 60).Select(failed => policy.After(new(failed), false, null, 0)!.Value.Delay.TotalSeconds).ToArray();
        Assert.Equal([1, 2, 4, 5, 5], delays[..5]);
        Assert.Equal(5, delays[^1]);
        Assert.Equal(TimeSpan.FromSeconds(2.5), policy.After(new(10), false, null, 1)!.Value.Delay);
        Assert.Equal(TimeSpan.FromMinutes(1), policy.After(new(10), false, TimeSpan.FromMinutes(1), 0.5)!.Value.Delay);
    }
}
