using System.Net;
using System.Net.Sockets;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Control;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;
using Trainyard.Shell.Systemd;
using Trainyard.Shell.Upgrade;

namespace Trainyard.Shell;

/// <summary>
/// A pool of worker processes behind one or more listeners: accepts connections, passes each to the least loaded worker, replaces workers
/// that die or hang, drains. It listens from the moment it is made, and serves from <see cref="Run"/> or <see cref="Start"/> on.
/// </summary>
/// <remarks>Thread-safe. One run a pool; a process may have several pools.</remarks>
public sealed class WorkerPool : IDisposable
{
    private readonly WorkerPoolOptions _options;
    private readonly ServiceOrigin _origin;
    private readonly MasterContext _context;
    private readonly SignalEvents? _signals;
    private readonly Inbox _inbox = new();

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="TransferException">An address or the control socket cannot be had.</exception>
    public WorkerPool(WorkerPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Processes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Slots, MaximumSlots, nameof(options));
        if (options.Threads > MaximumProcesses(1) || options.Processes > MaximumProcesses(options.Threads))
            throw new ArgumentException(
                $"{options.Processes} processes with {options.Threads} threads each are too many: processes * (threads + 1) is at most {MaximumProcesses(1)}",
                nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Backlog, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfZero(options.Listen.Count, nameof(options));
        var settings = new ServiceSettings(options.Service, new Settings(options.Settings.Span)).Encode();
        if (settings.Bytes.Length > LaneCodec.MaximumSettingsBytes)
            throw new ArgumentException($"the settings have {settings.Bytes.Length} bytes; a lane carries {LaneCodec.MaximumSettingsBytes}", nameof(options));
        var farewells = new Farewells(options.Farewell);
        _options = options;
        // Whoever is told where we listen may signal us at once, and a signal that nobody takes ends the process.
        _signals = options.Standalone ? MasterSignals.Register() : null;
        _origin = options.Standalone ? ServiceOrigin.Take() : ServiceOrigin.Embedded;
        var listeners = _origin.Listeners.Count > 0 ? _origin.Listeners : OpenAll(options.Listen, options.UnixSocketMode);
        TakeOn(options.RunAs, listeners);
        if (options.Slots > 1)
            foreach (var listener in listeners)
                listener.LimitUnsent();
        _context = new MasterContext(
            listeners, options.WorkerProgram ?? WorkerProgram.Self(), options.Threads, options.Slots, settings, options.Logger)
        {
            Notifier = _origin.Notifier,
            Farewells = farewells,
            ConnectionEnded = ended => ConnectionEnded?.Invoke(this, ended),
        };
        EndPoints = [.. _context.Listeners.Select(listener => listener.EndPoint)];
        // While there is a predecessor, the name is its own.
        if (_origin.Predecessor is null)
            OpenFirstControl();
    }

    /// <summary>Raised when a connection ends, on the pool's own thread: what handles it must not wait.</summary>
    public event EventHandler<TransferEnded>? ConnectionEnded;

    /// <summary>The most connections that a thread can carry at once.</summary>
    public static int MaximumSlots => 65536;

    /// <summary>The most worker processes that a pool can have with so many threads each: one that leads several threads counts as one more.</summary>
    public static int MaximumProcesses(int threads) => Lanes.Scoreboard.Cells / 2 / Lanes.Scoreboard.CellsOf(threads);

    /// <summary>Where it listens, with the real ports, in the order of the options: each an <see cref="IPEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    public IReadOnlyList<EndPoint> EndPoints { get; }

    /// <summary>Where its control socket is; <c>null</c> where there is none.</summary>
    public string? ControlPath { get; private set; }

    /// <summary>Serves on the calling thread until a signal, <see cref="Drain"/> or <see cref="StopNow"/> ends it.</summary>
    /// <param name="handleSignals">Whether the process's signals are this pool's, as in a program that does nothing else.</param>
    public ServerReport Run(bool handleSignals)
    {
        using var signals = _signals ?? (handleSignals ? MasterSignals.Register() : null);
        PoolCommandRunner? runner = null;
        MasterEventSource? events = null;
        var reporter = new ServiceReporter(_context.Notifier);
        using var succession = new Succession(_context, _origin)
        {
            BeginAccepting = () => runner!.BeginAccepting(),
            Lead = state =>
            {
                reporter.Lead();
                _context.KeepNames(false);
                if (_origin.Predecessor is not null)
                    OpenInheritedControl(events!, state);
            },
        };
        runner = new PoolCommandRunner(_context, succession);
        events = new MasterEventSource(
            _context, signals, _inbox, succession, (signal, nth, now) => MasterSignals.EventOf(signal, nth, _options.DrainPatience, now));
        foreach (var endPoint in EndPoints)
            MasterLog.Listening(_options.Logger, EndPointText.Of(endPoint), _options.Processes, _options.Service);
        // Not before the service has found what it serves: a server that does not begin says one sentence and nothing else.
        if (_origin.Predecessor is null)
            SayWhereControlIs();
        var verdict = MasterLoop.Run(_context, Policy(), events, runner, succession, reporter);
        MasterLog.Ended(
            _options.Logger, EndText.Describe(verdict.Cause), verdict.Completed, verdict.HandedOn, verdict.Rejected, verdict.Aborted);
        return new ServerReport(verdict.Cause, verdict.Completed, verdict.HandedOn, verdict.Rejected, verdict.Aborted);
    }

    /// <summary>Serves on a thread of its own. Signals stay the program's.</summary>
    /// <returns>Completes when the pool has ended.</returns>
    public Task<ServerReport> Start() =>
        Task.Factory.StartNew(() => Run(handleSignals: false), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes nothing new, lets running connections finish, and ends.</summary>
    public void Drain() => _inbox.Put(now => new PoolEvent.Drain(_options.DrainPatience, now));

    /// <summary>Ends at once; running connections are cut.</summary>
    public void StopNow() => _inbox.Put(now => new PoolEvent.StopNow(now));

    /// <summary>Replaces every worker by a fresh one, replacement first.</summary>
    public void Reload() => _inbox.Put(now => new PoolEvent.Reload(now));

    /// <summary>Hands over to a new process of the same command line, if the pool is <see cref="WorkerPoolOptions.Standalone"/>.</summary>
    public void Upgrade() => _inbox.Put(now => new PoolEvent.Upgrade(_options.DrainPatience, now));

    /// <summary>Changes the number of worker processes by <paramref name="delta"/>; at least one stays.</summary>
    public void Resize(int delta) => _inbox.Put(now => new PoolEvent.Resize(delta, now));

    /// <summary>Releases the listening sockets and the rest. Only after the pool has ended, or where it was never run.</summary>
    public void Dispose()
    {
        _signals?.Dispose();
        _context.Dispose();
        _origin.Dispose();
        _inbox.Dispose();
    }

    private static List<Listener> OpenAll(IReadOnlyList<EndPoint> addresses, UnixFileMode unixMode)
    {
        var opened = new List<Listener>();
        try
        {
            foreach (var address in addresses)
                opened.Add(Listener.Open(address, unixMode));
            return opened;
        }
        catch (TransferException)
        {
            Close(opened);
            throw;
        }
    }

    private void TakeOn(RunAs? identity, IReadOnlyList<Listener> listeners)
    {
        try
        {
            identity?.Apply();
        }
        catch (TransferException)
        {
            Close(listeners);
            _origin.Dispose();
            throw;
        }
    }

    private void OpenControl(bool takeOver)
    {
        var socket = ControlSocket.Open(_options.Control, ControlDirectory.NameOf(EndPoints), takeOver);
        ControlPath = socket?.Path;
        if (socket is not null)
            _context.Control = new ControlServer(
                socket, new StatusCollector(_context, DateTimeOffset.UtcNow), _options.DrainPatience, _options.Logger);
    }

    private void SayWhereControlIs()
    {
        if (ControlPath is not null)
            MasterLog.ControlListening(_options.Logger, ControlPath);
        else if (_options.Control is ControlLocation.Default)
            MasterLog.ControlUnavailable(_options.Logger);
    }

    private void OpenFirstControl()
    {
        try
        {
            OpenControl(takeOver: false);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the control socket's name over from the predecessor. Without one the pool serves all the same.</summary>
    private void OpenInheritedControl(MasterEventSource events, PoolState state)
    {
        try
        {
            OpenControl(takeOver: true);
            SayWhereControlIs();
        }
        catch (TransferException e)
        {
            MasterLog.ControlNotTakenOver(_options.Logger, e.Message);
        }
        events.WatchControl();
        _context.Control?.Observe(null, state, state, MasterEventSource.Now);
    }

    private static void Close(IEnumerable<Listener> listeners)
    {
        foreach (var listener in listeners)
            listener.Dispose();
    }

    private PoolPolicy Policy() =>
        new(_options.Processes)
        {
            Backlog = _options.Backlog,
            MaximumWait = _options.MaximumWait,
            HungAfter = _options.Limits.HungAfter,
            StuckAfter = _options.Limits.StuckAfter,
            RecycleAfter = _options.Limits.RecycleAfter,
            RecycleAboveBytes = _options.Limits.RecycleAboveBytes,
            PerAddress = _options.Limits.PerAddress,
            AcceptRate = _options.Limits.AcceptRate,
        };
}
