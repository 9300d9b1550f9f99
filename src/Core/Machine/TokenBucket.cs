namespace Trainyard.Core.Machine;

/// <summary>A token bucket: so many a second, and at once as many as come in one second, at least one.</summary>
/// <param name="FullAt">When the bucket would be full again, in parts of a tick since 0001-01-01; the past while it is full.</param>
/// <remarks>
/// Told as the generic cell rate algorithm (ITU-T I.371): one number instead of a count and the time it was true at, so nothing
/// is rounded away however often the clock is read. Between two takings of one token lie at least <see cref="Interval"/> parts,
/// rounded up, so over any time not more are taken than are due. What is taken beyond that is owed and only lengthens the wait.
/// </remarks>
public readonly record struct TokenBucket(Int128 FullAt)
{
    // A part is 2^-32 of a tick. The latest time there is takes 94 bits of the 127, so nothing overflows.
    private const int PartBits = 32;
    private const double LowestRate = 1e-3;
    private const double HighestRate = TimeSpan.TicksPerSecond;

    /// <summary>The bucket after tokens were taken, which it may owe.</summary>
    /// <param name="rate">Tokens a second.</param>
    /// <param name="now">The time.</param>
    /// <param name="tokens">How many, <c>0 ..</c>.</param>
    public TokenBucket Take(double rate, DateTimeOffset now, int tokens = 1) => new(Int128.Max(FullAt, Parts(now)) + tokens * Interval(rate));

    /// <summary>From when on so many tokens are in the bucket (at most <see cref="Burst"/>); the earliest or latest time there is beyond these.</summary>
    public DateTimeOffset Holds(double rate, long tokens)
    {
        var parts = FullAt - ((Burst(rate) - tokens) * Interval(rate));
        var ticks = (parts + ((Int128.One << PartBits) - 1)) >> PartBits;
        return new((long)Int128.Clamp(ticks, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }

    /// <summary>How many tokens a full bucket holds.</summary>
    public static long Burst(double rate) => Math.Max(1, (long)InRange(rate));

    /// <summary>The time in which one token comes, in parts of a tick.</summary>
    internal static Int128 Interval(double rate) => (Int128)Math.Ceiling(TimeSpan.TicksPerSecond * (double)(1L << PartBits) / InRange(rate));

    private static Int128 Parts(DateTimeOffset time) => (Int128)time.UtcTicks << PartBits;

    private static double InRange(double rate) => rate >= LowestRate ? Math.Min(rate, HighestRate) : LowestRate;
}
