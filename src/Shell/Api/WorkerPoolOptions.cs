using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Trainyard.Core.Pool;
using Trainyard.Shell.Control;

namespace Trainyard.Shell;

/// <summary>What a <see cref="WorkerPool"/> runs, where it listens, and its limits.</summary>
public sealed record WorkerPoolOptions
{
    /// <summary>The name of the service that the workers run, as given to <see cref="WorkerEntry.RunIfWorker"/>; at most 255 bytes.</summary>
    public required string Service { get; init; }

    /// <summary>The service's settings, passed to each worker; at most some 16 KiB. May hold secrets: they appear in no argument and no log.</summary>
    public ReadOnlyMemory<byte> Settings { get; init; }

    /// <summary>
    /// Where to listen, at least one: an <see cref="IPEndPoint"/>, of which port 0 takes a free one that <see cref="WorkerPool.EndPoints"/>
    /// then tells, and one of IPv6 takes no IPv4 clients (IPV6_V6ONLY); or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/> with a
    /// path, whose socket a dead server may have left, and which is removed at the end.
    /// </summary>
    public IReadOnlyList<EndPoint> Listen { get; init; } = [new IPEndPoint(IPAddress.Loopback, 0)];

    /// <summary>Who may connect to the Unix sockets in <see cref="Listen"/>; who may write may connect (unix(7)). The umask takes nothing from it.</summary>
    public UnixFileMode UnixSocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How many worker processes; at least 1.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>How many threads each worker process serves with; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many connections each thread carries at once; at least 1.</summary>
    public int Slots { get; init; } = 1024;

    /// <summary>How many accepted connections may wait for a free slot; then accepting pauses and the kernel's backlog holds more.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>The longest wait for a free slot before the connection is closed; <c>null</c> waits without limit.</summary>
    public TimeSpan? MaximumWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>While draining: the longest time without any progress before what still runs is cut; <c>null</c> waits without limit.</summary>
    public TimeSpan? DrainPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much it takes from whom, and how long it keeps a worker.</summary>
    public PoolLimits Limits { get; init; } = new();

    /// <summary>Whom to run as once the addresses are bound; <c>null</c> stays as it is. Changes the whole process, for good.</summary>
    public RunAs? RunAs { get; init; }

    /// <summary>
    /// Whether the process does nothing but run this pool. Then it can hand over to a new process of the same command line (SIGUSR2), takes
    /// its listeners over from one that does or from systemd (LISTEN_FDS) instead of binding <see cref="Listen"/>, and tells systemd how
    /// it is (NOTIFY_SOCKET). Only one pool of a process can be that.
    /// </summary>
    public bool Standalone { get; init; }

    /// <summary>
    /// What a client is sent that is not served, by the reason; empty where there is nothing to say, and <c>null</c> where the protocol has no word
    /// for it. Asked for each reason when the pool is made, but not for <see cref="RejectReason.WorkerDied"/>: then bytes of an answer may have
    /// gone out already. Sent as far as the socket takes it at once, so that it should be short; then the stream ends in order. Only services of
    /// this library's have connections that are parked, quarantined or interrupted.
    /// </summary>
    public Func<RejectReason, ReadOnlyMemory<byte>>? Farewell { get; init; }

    /// <summary>Where its control socket is; nowhere unless said. Its default name is the first address's port.</summary>
    public ControlLocation Control { get; init; } = new ControlLocation.None();

    /// <summary>The program that a worker runs; <c>null</c> is this same program, whose <c>Main</c> must begin with <see cref="WorkerEntry.RunIfWorker"/>.</summary>
    public WorkerProgram? WorkerProgram { get; init; }

    /// <summary>Receives what happens: workers started, died and replaced, connections ended.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
