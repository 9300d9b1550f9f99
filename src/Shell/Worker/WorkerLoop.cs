using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>
/// A worker's only loop: one thread, readiness from epoll, any number of connections. What to take, refuse, report and when to leave is
/// decided by <see cref="WorkerMachine"/>; how bytes move, by each connection's driver.
/// </summary>
/// <remarks>
/// A turn costs what there is to do in it: connections that stand still are not looked at, and however many can go on, only a batch of them
/// does before the heartbeat and the lane have their turn again. The kernel is asked again when all have had their turn that could go on the last
/// time: it would name those again that still wait for it, and who becomes ready meanwhile stands behind them anyway.
/// </remarks>
internal sealed class WorkerLoop : IDisposable
{
    private const int Batch = 16;
    private const int Crowd = 256;
    private const ulong BellToken = ulong.MaxValue - 2;
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly Scoreboard _scoreboard;
    private readonly TransferBoard _board;
    private readonly Func<Settings, IConnectionService?> _services;
    private readonly PollHandle _poll = PollHandle.Create();
    private readonly MasterLink _master;
    private readonly Dictionary<ConnectionId, ServedConnection> _served = [];
    private readonly Queue<ServedConnection> _runnable = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private readonly WakeBell _bell = new();
    private readonly Journal? _journal;
    private readonly IdleMemory? _memory;
    private ITending? _tending;
    private IHasRounds? _rounds;
    private long _tendedAtMs;
    private OpenConnection? _open;
    private bool _drains;
    private bool _handsOver;
    private int _cell;
    private int _slots;

    /// <summary>A worker over its lane and scoreboard.</summary>
    /// <param name="lane">The lane to the master.</param>
    /// <param name="scoreboard">Where it counts.</param>
    /// <param name="services">Makes the service that the master's settings ask for; <c>null</c> where they are not understood.</param>
    /// <param name="signals">The process's signals; <c>null</c> where another thread attends to them.</param>
    /// <param name="journal">Where it says what it does; <c>null</c> where nobody could go on with that.</param>
    public WorkerLoop(
        IWorkerLane lane, Scoreboard scoreboard, Func<Settings, IConnectionService?> services, SignalEvents? signals, Journal? journal = null)
    {
        _scoreboard = scoreboard;
        _journal = journal;
        _board = new TransferBoard(scoreboard);
        _services = services;
        // Where this is one thread of several, it cannot speak for the others.
        _memory = signals is null ? null : new();
        _master = new MasterLink(lane, signals, _poll, Configure, Serve, Drain, HandOver);
        _poll.Add(_bell.Readable, PollEvents.Readable, BellToken);
    }

    /// <summary>When connections that wait have to be looked at.</summary>
    public DeadlineQueue Deadlines { get; } = new();

    /// <summary>Runs until the worker leaves.</summary>
    /// <param name="first">What was taken from the lane already.</param>
    public WorkerLeave Run(LaneReceipt? first = null)
    {
        if (first is not null)
            _master.Take(first);
        var round = 0;
        while (_master.Leave is null)
        {
            _scoreboard.Beat(_cell);
            if (round == 0)
                Collect();
            // Among many ready connections the lane may not have been reported.
            if (_runnable.Count > 0)
                _master.ReadLane();
            // Whoever dies in a connection's turn must have taken it: what is not acknowledged counts as untouched.
            if (_runnable.Count > 0)
                _master.Flush();
            round = round == 0 ? _runnable.Count : round;
            FetchAhead(Math.Min(Batch, round));
            for (var i = Math.Min(Batch, round); i > 0 && _master.Leave is null; i--, round--)
                Advance(_runnable.Dequeue());
        }
        _master.Flush();
        return _master.Leave.Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _served.Values)
            connection.Dispose();
        _master.Dispose();
        _bell.Dispose();
        _poll.Dispose();
    }

    private void Configure(LaneMessage.Configure configure)
    {
        (_cell, _slots) = (configure.Cell, configure.Slots);
        var service = _services(configure.Settings);
        _tending = service as ITending;
        _rounds = service as IHasRounds;
        if (service is IObservesPool observer)
            observer.Observe(() => _scoreboard.ReadPool(DateTimeOffset.UtcNow));
        _open = service is IJournalledService journalled
            ? (id, slot, socket, now) => journalled.Open(socket, _journal?.At(slot), () => _bell.Ring(id), now)
            : (_, _, socket, now) => service!.Open(socket, now);
        _master.Feed(service is null ? new WorkerEvent.NotConfigured() : new WorkerEvent.Configured(configure.Slots));
    }

    private void Collect()
    {
        var timeout = TimeoutMs(DateTimeOffset.UtcNow);
        if (timeout > 0)
            _master.Flush();
        var count = _poll.Wait(_ready, timeout);
        _rounds?.BeginRound();
        Tend();
        if (count == 0 && timeout == (int)BeatInterval.TotalMilliseconds)
            _memory?.Rest();
        foreach (var readiness in _ready.AsSpan(0, count))
            if (readiness.Token == BellToken)
                Wake();
            else if (!_master.Handle(readiness) && _served.TryGetValue(new ConnectionId((long)readiness.Token), out var reported))
            {
                reported.IsReported = (readiness.Events & PollEvents.Readable) != 0;
                MakeRunnable(reported);
            }
        while (Deadlines.TakeDue(DateTimeOffset.UtcNow) is { } due)
            MakeRunnable(due);
    }

    private void Tend()
    {
        if (_tending is null || Environment.TickCount64 - _tendedAtMs < BeatInterval.TotalMilliseconds)
            return;
        _tendedAtMs = Environment.TickCount64;
        _tending.Tend();
    }

    private void Serve(ConnectionId id, int slot, Descriptor socket)
    {
        var connection = new ServedConnection(id, slot, socket);
        _served.Add(id, connection);
        MakeRunnable(connection);
    }

    private void Drain()
    {
        (_drains, _handsOver) = (true, false);
        foreach (var connection in _served.Values)
            MakeRunnable(connection);
    }

    private void HandOver()
    {
        _handsOver = true;
        foreach (var connection in _served.Values)
            MakeRunnable(connection);
    }

    private void Wake()
    {
        foreach (var connection in _bell.Take())
            MakeRunnable(connection);
    }

    private void MakeRunnable(ConnectionId id)
    {
        if (_served.TryGetValue(id, out var connection))
            MakeRunnable(connection);
    }

    private void MakeRunnable(ServedConnection connection)
    {
        if (connection.IsRunnable)
            return;
        connection.IsRunnable = true;
        _runnable.Enqueue(connection);
    }

    // What many connections have does not stay in the cache from turn to turn. One by one they would wait for memory ten times a turn; asked for beforehand, it
    // comes for all of a batch at the same time.
    private void FetchAhead(int count)
    {
        if (_served.Count < Crowd)
            return;
        for (var step = 0; step < IFetchesAhead.Steps; step++)
        {
            var left = count;
            foreach (var connection in _runnable)
            {
                if (left-- == 0)
                    break;
                connection.FetchAhead(step);
            }
        }
    }

    private void Advance(ServedConnection connection)
    {
        connection.IsRunnable = false;
        if (_handsOver && connection.TryStop())
        {
            Part(connection, new WorkerEvent.Returned(connection.Id));
            return;
        }
        _scoreboard.BeginTurn(_cell, connection.Id);
        var now = DateTimeOffset.UtcNow;
        var turn = connection.Advance(_open!, _drains || _handsOver && !connection.CanStop, now);
        _scoreboard.EndTurn(_cell);
        _scoreboard.Add(_cell, connection.TakeProgress());
        if (turn != DriverTurn.Ended)
            _board.Moved(_cell, connection.Id, connection.Transfer);
        switch (turn)
        {
            case DriverTurn.Yielded:
                MakeRunnable(connection);
                break;
            case DriverTurn.Blocked when connection.MayRest(_scoreboard.PoolIsWaitedFor, now, out var left) && connection.TryStop():
                Part(connection, new WorkerEvent.Parked(connection.Id, left));
                break;
            case DriverTurn.Blocked:
                connection.IsAmongMany = _served.Count >= _slots;
                connection.WaitOn(_poll);
                Deadlines.Watch(connection);
                break;
            default:
                End(connection);
                break;
        }
    }

    private void End(ServedConnection connection)
    {
        _board.Ended(_cell, connection.Id);
        Part(connection, new WorkerEvent.Ended(connection.Id, connection.Report));
    }

    private void Part(ServedConnection connection, WorkerEvent ev)
    {
        connection.StopWaiting(_poll);
        Deadlines.Forget(connection);
        _served.Remove(connection.Id);
        _board.Parted(_cell, connection.Id);
        connection.Dispose();
        _master.Feed(ev);
    }

    private int TimeoutMs(DateTimeOffset now)
    {
        if (_runnable.Count > 0)
            return 0;
        var wait = Deadlines.Next - now is { } remaining && remaining < BeatInterval ? remaining : BeatInterval;
        return Math.Max(0, (int)Math.Ceiling(wait.TotalMilliseconds));
    }
}
