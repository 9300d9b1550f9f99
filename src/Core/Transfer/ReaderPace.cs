namespace Trainyard.Core.Transfer;

/// <summary>Whether a peer takes what it is sent fast enough for long queues to be worth their memory. <c>default</c> is of one that has taken nothing.</summary>
/// <remarks>
/// It is judged anew after each <see cref="Window"/> bytes, by the time from the first of them to the last: what lies between two transfers does not count. Who is neither fast nor
/// slow stays what it was, so that nobody changes sides all the time.
/// </remarks>
public readonly record struct ReaderPace
{
    /// <summary>Bytes after which a peer is judged.</summary>
    public const long Window = 8 * 1024 * 1024;

    /// <summary>Who takes a window in no more than these milliseconds becomes fast.</summary>
    public const long FastMs = 100;

    /// <summary>Who takes longer for a window than these milliseconds is fast no more.</summary>
    public const long SlowMs = 400;

    private readonly long _taken;
    private readonly long _sinceMs;

    private ReaderPace(bool isFast, long taken, long sinceMs) => (IsFast, _taken, _sinceMs) = (isFast, taken, sinceMs);

    /// <summary>Whether it was fast when it was judged last.</summary>
    public bool IsFast { get; }

    /// <summary>The peer has taken bytes.</summary>
    /// <param name="count">How many, <c>0 ..</c>.</param>
    /// <param name="nowMs">The time, in milliseconds since some fixed moment.</param>
    public ReaderPace Took(long count, long nowMs)
    {
        var since = _taken == 0 ? nowMs : _sinceMs;
        var taken = _taken + count;
        if (taken < Window)
            return new(IsFast, taken, since);
        var elapsed = nowMs - since;
        return new(elapsed <= FastMs || IsFast && elapsed <= SlowMs, 0, nowMs);
    }
}
