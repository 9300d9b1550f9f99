using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Trainyard.Shell.Control;

namespace Trainyard.Shell;

/// <summary>What a <see cref="TrainyardServer"/> serves, where, with how many workers, and its limits.</summary>
public sealed record TrainyardServerOptions
{
    /// <summary>The port that is used where none is named.</summary>
    public const int DefaultPort = 5678;

    /// <summary>The directory that is served. Nothing outside of it is ever read or written.</summary>
    public required string Root { get; init; }

    /// <summary>Whether clients may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Where to listen; port 0 takes a free one, which <see cref="TrainyardServer.EndPoints"/> then tells. At least one.</summary>
    public IReadOnlyList<EndPoint> Listen { get; init; } = [new IPEndPoint(IPAddress.Loopback, DefaultPort)];

    /// <summary>How many worker processes; at least 1.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>How many threads each worker process serves with; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many sessions each thread carries at once; at least 1.</summary>
    public int Slots { get; init; } = 1024;

    /// <summary>How many accepted connections may wait for a free slot; then accepting pauses and the kernel's backlog holds more.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>The longest wait for a free slot before the client is told that the server is busy; <c>null</c> waits without limit.</summary>
    public TimeSpan? MaximumWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for a client's hello, and for the rest of a request whose first byte has come; <c>null</c> waits without limit.</summary>
    public TimeSpan? RequestLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for a client's next request; <c>null</c> waits without limit.</summary>
    public TimeSpan? IdleLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest time without any byte while a file moves; <c>null</c> waits without limit.</summary>
    public TimeSpan? NoProgressLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an upload that broke off is kept for its owner to go on with; <c>null</c> keeps it for ever. Looked after at every start.</summary>
    public TimeSpan? KeepPartials { get; init; } = TimeSpan.FromDays(7);

    /// <summary>While draining: the longest time without any progress before what still runs is cut; <c>null</c> waits without limit.</summary>
    public TimeSpan? DrainPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much it takes from whom, and how long it keeps a worker.</summary>
    public PoolLimits Limits { get; init; } = new();

    /// <inheritdoc cref="WorkerPoolOptions.RunAs"/>
    public RunAs? RunAs { get; init; }

    /// <inheritdoc cref="WorkerPoolOptions.Standalone"/>
    public bool Standalone { get; init; }

    /// <summary>Where its control socket is; nowhere unless said. Its default name is the first address's port.</summary>
    public ControlLocation Control { get; init; } = new ControlLocation.None();

    /// <inheritdoc cref="WorkerPoolOptions.WorkerProgram"/>
    public WorkerProgram? WorkerProgram { get; init; }

    /// <summary>Receives what happens: workers started, died and replaced, connections ended.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
