using Microsoft.Extensions.Logging;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Control;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Systemd;

namespace Trainyard.Shell.Master;

/// <summary>What the master's event source and command runner share: descriptors and tables, no rules.</summary>
internal sealed class MasterContext : IDisposable
{
    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;

    /// <summary>The context of one master; owns <paramref name="listeners"/>.</summary>
    public MasterContext(
        IReadOnlyList<Listener> listeners, WorkerProgram program, int threads, int slots, Settings settings, ILogger logger)
    {
        Listeners = listeners;
        Program = program;
        Threads = threads;
        Slots = slots;
        Workers = new WorkerTable(Scoreboard.CellsOf(threads));
        Connections = new ConnectionTable(ConnectionJournal);
        Settings = settings;
        Logger = logger;
    }

    /// <summary>Where connections come from; none once they are closed.</summary>
    public IReadOnlyList<Listener> Listeners { get; private set; }

    /// <summary>What a worker runs.</summary>
    public WorkerProgram Program { get; }

    /// <summary>On how many threads a worker serves.</summary>
    public int Threads { get; }

    /// <summary>How many connections each of these carries at once.</summary>
    public int Slots { get; }

    /// <summary>The service's settings, for every worker.</summary>
    public Settings Settings { get; }

    /// <summary>What people read.</summary>
    public ILogger Logger { get; }

    /// <summary>What the master waits with.</summary>
    public PollHandle Poll { get; } = PollHandle.Create();

    /// <summary>Connections in custody.</summary>
    public ConnectionTable Connections { get; }

    /// <summary>What the workers say of their connections, for those who go on with them.</summary>
    public Journal ConnectionJournal { get; } = Lanes.Journal.Create();

    /// <summary>Living workers.</summary>
    public WorkerTable Workers { get; }

    /// <summary>Heartbeats and progress of the workers.</summary>
    public Scoreboard Scoreboard { get; } = Scoreboard.Create();

    /// <summary>What is held back for a time when there are no descriptors left.</summary>
    public ReserveDescriptors Reserve { get; } = new();

    /// <summary>Who is told how the service is.</summary>
    public SystemdNotifier Notifier { get; init; } = SystemdNotifier.None;

    /// <summary>What a client is told that is not served.</summary>
    public Farewells Farewells { get; init; } = new(words: null);

    /// <summary>What is remembered for those who ask.</summary>
    public MasterJournal Journal { get; } = new();

    /// <summary>The control socket; <c>null</c> where there is none. The context owns it.</summary>
    public ControlServer? Control { get; set; }

    /// <summary>Told of each connection's end, on the master's thread.</summary>
    public Action<TransferEnded>? ConnectionEnded { get; init; }

    /// <summary>Tells the workers how the pool is.</summary>
    public void Show(PoolState state) =>
        Scoreboard.WritePool(state.Workers.Count, state.Held.Count, state.Waiting.Count + state.Resuming.Count, !state.IsRunning, _since);

    /// <summary>No longer waits for a connection's first byte.</summary>
    public void Unwatch(HeldConnection held)
    {
        if (held.IsWatched)
            Poll.Remove(held.Socket);
        held.IsWatched = false;
    }

    /// <summary>Whether the names of Unix sockets stay when the listeners are closed, since another master serves there.</summary>
    public void KeepNames(bool keep)
    {
        foreach (var listener in Listeners)
            listener.RemovesName = !keep;
    }

    /// <summary>Stops listening: the kernel refuses further connections from now on.</summary>
    public void CloseListeners()
    {
        foreach (var listener in Listeners)
            listener.Dispose();
        Listeners = [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Control?.Dispose();
        CloseListeners();
        Workers.Dispose();
        Connections.Dispose();
        ConnectionJournal.Dispose();
        Scoreboard.Dispose();
        Reserve.Dispose();
        Poll.Dispose();
    }
}
