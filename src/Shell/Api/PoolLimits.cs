namespace Trainyard.Shell;

/// <summary>How much a pool takes from whom, and how long it keeps a worker. Every limit is off where it is <c>null</c>.</summary>
public sealed record PoolLimits
{
    /// <summary>
    /// The most connections at once from one IPv4 address or one IPv6 /64 prefix, waiting ones included; more are refused at once.
    /// At least 1.
    /// </summary>
    public int? PerAddress { get; init; }

    /// <summary>
    /// The most connections accepted a second, after a burst of one second's worth; more wait in the kernel's backlog. Between 0.001 and
    /// ten million. What one look at a listener finds, up to 64, may exceed it, and is made up for afterwards.
    /// </summary>
    public double? AcceptRate { get; init; }

    /// <summary>How long a worker may show no life before it is killed and replaced.</summary>
    public TimeSpan? HungAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much processor time (in user mode) a worker may use without a sign of life before it is killed and replaced; or half of it as a time to be stopped (SIGSTOP).
    /// Unlike a wait for a slow disk, neither ends by itself.
    /// </summary>
    public TimeSpan? StuckAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A worker is replaced after so many connections or up to a quarter fewer, by chance, so that not all are replaced at once.</summary>
    public long? RecycleAfter { get; init; }

    /// <summary>A worker whose resident memory is larger, in bytes, is replaced once it has served anything. Looked at once a second.</summary>
    public long? RecycleAboveBytes { get; init; }
}
