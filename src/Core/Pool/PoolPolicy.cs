namespace Trainyard.Core.Pool;

/// <summary>The settings of a pool.</summary>
/// <param name="Workers">How many workers there should be; at least 1.</param>
public sealed record PoolPolicy(int Workers)
{
    /// <summary>The most workers that a pool ever aims at, whatever it is told.</summary>
    public const int MostWorkers = 1024;

    /// <summary>How many connections may wait for a slot, begun or not; at least 1. At this number, accepting is paused.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>The longest wait for a slot of a connection that has not begun; <c>null</c> waits without limit.</summary>
    public TimeSpan? MaximumWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>To how many workers in a row a connection is offered before it is rejected; at least 1.</summary>
    public int MaximumOffers { get; init; } = 3;

    /// <summary>How many connections a worker is offered ahead of its answers; at least 1. More would fill its lane, in which about 270 find room.</summary>
    public int MaximumUnanswered { get; init; } = 128;

    /// <summary>How many workers in a row may die in a connection's turn, with nothing moved on it, before it is ended; at least 1.</summary>
    public int MaximumStrikes { get; init; } = 3;

    /// <summary>How long a worker may take to acknowledge a hand-off before it counts as hung and is killed.</summary>
    public TimeSpan AcknowledgeWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker that refused a connection is offered none, unless it ends one before. Keeps a broken worker from eating the queue.</summary>
    public TimeSpan RefusalPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When a client that found no slot is told to come back.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a worker may take from its spawn until it is ready before it counts as failed and is killed.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker may go without a heartbeat before it counts as hung; <c>null</c> does not watch.</summary>
    public TimeSpan? HungAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much time a worker may compute without a heartbeat before it is killed; or be stopped, half of that: neither ends by itself, as waiting for a slow disk
    /// does. <c>null</c> does not look.
    /// </summary>
    public TimeSpan? StuckAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a hung worker has between the dump signal and the kill.</summary>
    public TimeSpan DumpGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long accepting pauses when the kernel has no descriptor left.</summary>
    public TimeSpan ExhaustedPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The first delay before a failed worker is replaced; it doubles with each failure in a row. A worker that was ready once is replaced at once the first time.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest delay before a failed worker is replaced.</summary>
    public TimeSpan BackoffLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A worker that lived this long after it was ready ends a row of failures.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>This many start failures within <see cref="CrashLoopWindow"/> end the pool.</summary>
    public int CrashLoopFailures { get; init; } = 10;

    /// <summary>The time in which start failures are counted.</summary>
    public TimeSpan CrashLoopWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new master may take until it serves before it is given up.</summary>
    public TimeSpan SuccessorWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A worker is replaced after at most this many connections, at least three quarters of it, spread so that not all are at once; <c>null</c> keeps it.</summary>
    public long? RecycleAfter { get; init; }

    /// <summary>A worker whose resident memory is larger than this, in bytes, is replaced; <c>null</c> does not watch.</summary>
    public long? RecycleAboveBytes { get; init; }

    /// <summary>How many connections one address may have in custody; at least 1; <c>null</c> does not limit.</summary>
    public int? PerAddress { get; init; }

    /// <summary>How many connections are accepted a second, between 0.001 and ten million, after as many at once as come in a second (at least 1); <c>null</c> does not limit.</summary>
    public double? AcceptRate { get; init; }
}
