namespace Trainyard.Core.Machine;

/// <summary>Arithmetic on deadlines that has no overflow, since times and limits come from outside.</summary>
internal static class Deadline
{
    /// <summary><paramref name="limit"/> after <paramref name="start"/>, at most the last representable time; a negative limit counts as zero.</summary>
    internal static DateTimeOffset After(DateTimeOffset start, TimeSpan limit)
    {
        var left = DateTimeOffset.MaxValue.UtcTicks - start.UtcTicks;
        return new(start.UtcTicks + Math.Clamp(limit.Ticks, 0, left), TimeSpan.Zero);
    }

    /// <summary>The earlier of the two; <c>null</c> is never.</summary>
    internal static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;
}
