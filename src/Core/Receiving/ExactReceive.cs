namespace Trainyard.Core.Receiving;

/// <summary>Progress of a receive that must deliver exactly so many bytes (the chapter's <c>recvn</c>, Stevens' <c>readn</c>).</summary>
/// <remarks>
/// The rules. A short count is normal: ask for what is missing. EINTR is nothing: ask again. EAGAIN: ask when readable.
/// The end of the stream before the last byte is a truncation, never a loop and never a success. A failed call adds
/// nothing to the count. Ends exactly once: whatever comes after the end changes nothing. <c>default</c> wants no bytes
/// and is complete.
/// </remarks>
public readonly record struct ExactReceive
{
    private readonly ReceiveVerdict? _end;

    private ExactReceive(long wanted, long received, ReceiveVerdict? end)
    {
        Wanted = wanted;
        Received = received;
        _end = end;
    }

    /// <summary>Bytes to deliver, at least 0.</summary>
    public long Wanted { get; }

    /// <summary>Bytes that came, <c>0 ..= Wanted</c>.</summary>
    public long Received { get; }

    /// <summary>Bytes still to come: the most that the next call may ask for.</summary>
    public long Missing => Wanted - Received;

    /// <summary>How the receive ended, or <see cref="ReceiveVerdict.ReadMore"/> while it has not.</summary>
    public ReceiveVerdict Verdict =>
        _end ?? (Missing == 0 ? ReceiveVerdict.Complete.Instance : ReceiveVerdict.ReadMore.Instance);

    /// <summary>Begins to receive.</summary>
    /// <param name="wanted">Bytes to deliver; 0 is complete at once, a negative number ends as <see cref="ReceiveVerdict.Miscounted"/>.</param>
    public static ExactReceive Start(long wanted) =>
        wanted >= 0 ? new(wanted, 0, null) : new(0, 0, new ReceiveVerdict.Miscounted(wanted, 0));

    /// <summary>Accounts for one call that asked for at most <see cref="Missing"/> bytes.</summary>
    public ExactReceiveStep After(ReceiveResult result)
    {
        if (Verdict.IsEnd)
            return new(this, Verdict);
        return result.Kind switch
        {
            ReceiveResultKind.Bytes => Add(result.Value),
            ReceiveResultKind.Interrupted => new(this, ReceiveVerdict.RetryNow.Instance),
            ReceiveResultKind.EndOfStream => End(new ReceiveVerdict.Truncated(Received, Wanted)),
            ReceiveResultKind.Failed => End(new ReceiveVerdict.Failed((int)result.Value)),
            _ => new(this, ReceiveVerdict.WaitReadable.Instance),
        };
    }

    private ExactReceiveStep Add(long count)
    {
        if (count < 0 || count > Missing)
            return End(new ReceiveVerdict.Miscounted(count, Missing));
        var next = new ExactReceive(Wanted, Received + count, null);
        return new(next, next.Verdict);
    }

    private ExactReceiveStep End(ReceiveVerdict verdict) => new(new(Wanted, Received, verdict), verdict);
}
