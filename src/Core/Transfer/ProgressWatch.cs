namespace Trainyard.Core.Transfer;

/// <summary>Tells a transfer that stands still from one that is only slow: any byte moved starts the time anew.</summary>
/// <param name="LastMoved">When the last byte moved.</param>
/// <param name="Limit">The longest standstill allowed; <c>null</c> allows any.</param>
public readonly record struct ProgressWatch(DateTimeOffset LastMoved, TimeSpan? Limit)
{
    /// <summary>When the limit is reached if nothing moves until then; <c>null</c> is never.</summary>
    public DateTimeOffset? Deadline => Limit is { } limit ? Machine.Deadline.After(LastMoved, limit) : null;

    /// <summary>Bytes moved at <paramref name="now"/>.</summary>
    public ProgressWatch Moved(DateTimeOffset now) => this with { LastMoved = now };

    /// <summary>Whether the limit is reached at <paramref name="now"/>.</summary>
    public bool IsStalled(DateTimeOffset now) => Deadline <= now;
}
