namespace Trainyard.Core.Transfer;

/// <summary>When a failure that may pass is tried again, and after how long.</summary>
/// <param name="Retries">How often in a row, <c>0 ..</c>.</param>
/// <param name="FirstDelay">The wait before the first retry; it doubles each time.</param>
/// <param name="LongestDelay">The longest wait that is not asked for by the server.</param>
public sealed record RetryPolicy(int Retries, TimeSpan FirstDelay, TimeSpan LongestDelay)
{
    // 2^30 of the shortest delay there is already are more than a minute; further doubling would only overflow.
    private const int MostDoublings = 30;

    /// <summary>Decides after a failure.</summary>
    /// <param name="count">Where the counting stands.</param>
    /// <param name="progressed">
    /// Whether something was kept since the last failure: a transfer that gets on may break as often as it likes. Damage does not count as
    /// getting on, or a file that is damaged at its source would be fetched for ever.
    /// </param>
    /// <param name="retryAfter">What the server asks for; <c>null</c> where it asks for nothing.</param>
    /// <param name="jitter">A random number, <c>0 ..&lt; 1</c>, so that many clients do not come back at once.</param>
    /// <returns>The count from now on and how long to wait; <c>null</c> where it is enough.</returns>
    public (RetryCount Count, TimeSpan Delay)? After(RetryCount count, bool progressed, TimeSpan? retryAfter, double jitter)
    {
        var failed = progressed ? 0 : count.Failed;
        if (failed >= Retries)
            return null;
        var longest = Math.Max(0, LongestDelay.Ticks);
        var doubled = (Int128)Math.Max(0, FirstDelay.Ticks) << Math.Min(failed, MostDoublings);
        var delay = (long)Int128.Min(doubled, longest);
        var shortened = TimeSpan.FromTicks(delay - (long)(delay / 2 * Math.Clamp(jitter, 0, 1)));
        return (new(failed + 1), retryAfter is { } asked && asked > shortened ? asked : shortened);
    }
}

/// <summary>Failures in a row, without anything kept between them.</summary>
/// <param name="Failed">How many, <c>0 ..</c>.</param>
public readonly record struct RetryCount(int Failed);
