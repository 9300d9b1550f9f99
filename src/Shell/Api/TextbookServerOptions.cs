using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Control;

namespace Trainyard.Shell;

/// <summary>What a <see cref="TextbookServer"/> serves, and how.</summary>
public sealed record TextbookServerOptions
{
    /// <summary>The file that every client gets. Not needed for <see cref="Dialect.Echo"/>.</summary>
    public string? File { get; init; }

    /// <summary>Where to listen; port 0 takes a free one, which <see cref="TextbookServer.EndPoint"/> then tells.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>How many worker processes; at least 1.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>On how many threads each of these serves; at least 1. See <see cref="TextbookServer.MaximumProcesses"/>.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many connections each thread carries at once, <c>1 ..= </c><see cref="TextbookServer.MaximumSlots"/>.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The wire dialect.</summary>
    public Dialect Dialect { get; init; } = Dialect.Trains;

    /// <summary>How workers move the file's bytes.</summary>
    public SendStrategy Send { get; init; } = SendStrategy.Auto;

    /// <summary>How many accepted connections may wait for a free worker; then accepting pauses and the kernel's backlog holds more.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>The longest wait for a free worker before the connection is closed; <c>null</c> waits without limit.</summary>
    public TimeSpan? MaximumWait { get; init; }

    /// <summary>How much it takes from whom, and how long it keeps a worker.</summary>
    public PoolLimits Limits { get; init; } = new();

    /// <summary>The longest time in which a client takes no byte before it is cut; <c>null</c> waits without limit.</summary>
    public TimeSpan? NoProgressLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>While draining: the longest time without any progress before what still runs is cut; <c>null</c> waits without limit.</summary>
    public TimeSpan? DrainPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whom to run as once the address is bound; <c>null</c> stays as it is. Changes the whole process, for good.</summary>
    public RunAs? RunAs { get; init; }

    /// <summary>Whether the process does nothing but run this server; see <see cref="WorkerPoolOptions.Standalone"/>.</summary>
    public bool Standalone { get; init; }

    /// <summary>Where its control socket is; nowhere unless said.</summary>
    public ControlLocation Control { get; init; } = new ControlLocation.None();

    /// <summary>The program that a worker runs; <c>null</c> is this same program, whose <c>Main</c> must begin with <see cref="WorkerEntry.RunIfWorker"/>.</summary>
    public WorkerProgram? WorkerProgram { get; init; }

    /// <summary>Receives what happens: workers started, died and replaced, transfers ended.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
