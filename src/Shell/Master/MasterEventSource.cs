using LanguageExt;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Upgrade;

namespace Trainyard.Shell.Master;

/// <summary>Turns what the kernel says into pool events, one at a time. Decides nothing.</summary>
internal sealed partial class MasterEventSource
{
    private static readonly TimeSpan LongestHeartbeatInterval = TimeSpan.FromSeconds(1);

    private readonly MasterContext _context;
    private readonly SignalEvents? _signals;
    private readonly Inbox _inbox;
    private readonly Func<Signal, int, DateTimeOffset, PoolEvent?> _meaning;
    private readonly Succession _succession;
    private readonly TimeSpan _heartbeatInterval;
    private readonly Dictionary<Signal, int> _signalsSeen = [];
    private readonly OutOfMemoryKills _memory = new();
    private readonly Queue<PoolEvent> _pending = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private readonly IdleMemory? _idleMemory = AppContext.TryGetSwitch(IdleMemory.MasterSwitch, out var isOwn) && isOwn ? new() : null;
    private bool _wasBusy;
    private DateTimeOffset _nextHeartbeat;

    /// <summary>An event source over <paramref name="context"/>.</summary>
    /// <param name="context">What to wait for.</param>
    /// <param name="signals">The process's signals; <c>null</c> where the program that embeds the pool keeps them to itself.</param>
    /// <param name="inbox">What other threads ask.</param>
    /// <param name="succession">What an upgrade says.</param>
    /// <param name="meaning">The event of a signal, by which it is, how often it has come, and when; <c>null</c> where it means nothing.</param>
    public MasterEventSource(
        MasterContext context, SignalEvents? signals, Inbox inbox, Succession succession, Func<Signal, int, DateTimeOffset, PoolEvent?> meaning)
    {
        _context = context;
        _signals = signals;
        _inbox = inbox;
        _succession = succession;
        _heartbeatInterval = context.Notifier.WatchdogInterval is { } often && often < LongestHeartbeatInterval ? often : LongestHeartbeatInterval;
        _meaning = meaning;
        context.Poll.Add(inbox.Bell, PollEvents.Readable, new PollToken(PollTokenKind.Inbox).Value);
        if (signals is not null)
            context.Poll.Add(signals.Ready, PollEvents.Readable, new PollToken(PollTokenKind.Signals).Value);
        WatchControl();
    }

    /// <summary>Begins to wait for the context's control socket too, where it has one; once, when it has got it.</summary>
    public void WatchControl()
    {
        if (_context.Control is { } control)
            _context.Poll.Add(control.Poll, new PollToken(PollTokenKind.Control).Value);
    }

    /// <summary>The time, as every event carries it.</summary>
    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Whether <see cref="Next"/> has one at once.</summary>
    public bool HasMore => _pending.Count > 0;

    /// <summary>The next event; waits for one, at the longest until the next deadline of <paramref name="state"/>, which then comes as a tick.</summary>
    public PoolEvent Next(PoolState state)
    {
        // With many workers the deadline costs more than the step, so it is asked for only where there is time to wait.
        if (_pending.TryDequeue(out var first))
            return first;
        var deadline = PoolMachine.NextDeadline(state);
        while (true)
        {
            if (_pending.TryDequeue(out var ev))
                return ev;
            var now = Now;
            if (now >= _nextHeartbeat)
                ReadHeartbeats(now, PoolMachine.WatchInterval(state));
            else if (deadline <= now)
                return new PoolEvent.Tick(now);
            else
                Collect(deadline, now, state.Room);
        }
    }

    private void Collect(DateTimeOffset? deadline, DateTimeOffset now, int room)
    {
        var until = deadline is { } d && d < _nextHeartbeat ? d : _nextHeartbeat;
        var count = _context.Poll.Wait(_ready, (int)Math.Ceiling((until - now).TotalMilliseconds));
        _wasBusy |= count > 0;
        // What ends comes before what begins: a slot that is free again serves the connection that is accepted next.
        foreach (var readiness in _ready.AsSpan(0, count))
            if (PollToken.Of(readiness.Token).Kind != PollTokenKind.Listener)
                Read(PollToken.Of(readiness.Token));
        foreach (var readiness in _ready.AsSpan(0, count))
            if (PollToken.Of(readiness.Token).Kind == PollTokenKind.Listener)
                room -= Accept((int)PollToken.Of(readiness.Token).Number, room);
    }

    private void Read(PollToken token)
    {
        switch (token.Kind)
        {
            case PollTokenKind.Signals:
                ReadSignals();
                break;
            case PollTokenKind.Inbox:
                foreach (var ev in _inbox.TakeAll(Now))
                    _pending.Enqueue(ev);
                break;
            case PollTokenKind.Control when _context.Control is { } control:
                foreach (var ev in control.Take(Now))
                    _pending.Enqueue(ev);
                break;
            case PollTokenKind.Lane when _context.Workers.Find(token.Worker) is { LaneOpen: true } worker:
                ReadLane(worker);
                break;
            case PollTokenKind.Process when _context.Workers.Find(token.Worker) is { } worker:
                Reap(worker);
                break;
            case PollTokenKind.Parked when _context.Connections.Find(token.Connection) is { IsWatched: true } held:
                _context.Unwatch(held);
                _pending.Enqueue(new PoolEvent.Woken(token.Connection, Now));
                break;
            case PollTokenKind.SuccessorLane or PollTokenKind.SuccessorProcess or PollTokenKind.PredecessorLane:
                foreach (var ev in _succession.Read(token.Kind))
                    _pending.Enqueue(ev);
                break;
            default:
                break;
        }
    }

    private void ReadSignals()
    {
        foreach (var signal in _signals!.Take())
        {
            var nth = _signalsSeen[signal] = _signalsSeen.GetValueOrDefault(signal) + 1;
            if (_meaning(signal, nth, Now) is { } ev)
                _pending.Enqueue(ev);
        }
    }

    private void ReadLane(WorkerProcess worker)
    {
        while (worker.LaneOpen)
            switch (worker.Lane.Receive())
            {
                case LaneReceipt.Message(var message, var descriptor):
                    descriptor?.Dispose();
                    Translate(worker, message);
                    break;
                case LaneReceipt.Empty:
                    return;
                case LaneReceipt.Broken(var error):
                    Disown(worker, error);
                    return;
                case LaneReceipt.Closed:
                    CloseLane(worker);
                    return;
                default:
                    return;
            }
    }

    private void Translate(WorkerProcess worker, LaneMessage message)
    {
        var now = Now;
        switch (message)
        {
            case LaneMessage.Ready(var slots):
                MasterLog.WorkerReady(_context.Logger, worker.Pid, slots);
                _pending.Enqueue(new PoolEvent.WorkerReady(worker.Id, slots, Random.Shared.NextDouble(), now));
                break;
            case LaneMessage.Acknowledge(var connection):
                _pending.Enqueue(new PoolEvent.Acknowledged(worker.Id, connection, now));
                break;
            case LaneMessage.Refuse(var connection, var reason):
                MasterLog.Refused(_context.Logger, worker.Pid, connection, reason);
                _pending.Enqueue(new PoolEvent.Refused(worker.Id, connection, now));
                break;
            case LaneMessage.Done(var connection, var report):
                Report(worker, connection, report);
                _pending.Enqueue(new PoolEvent.Done(worker.Id, connection, now));
                break;
            case LaneMessage.Return(var connection):
                MasterLog.Returned(_context.Logger, connection, worker.Pid);
                _pending.Enqueue(new PoolEvent.Returned(worker.Id, connection, now));
                break;
            case LaneMessage.Park(var connection, var left):
                _pending.Enqueue(new PoolEvent.Parked(worker.Id, connection, now + left, now));
                break;
            default:
                Disown(worker, new LaneError.Field(nameof(LaneMessage), 0));
                break;
        }
    }

    private void Report(WorkerProcess worker, ConnectionId connection, ConnectionReport report)
    {
        if (_context.Connections.Find(connection) is not { } held)
            return;
        if (report.End == ConnectionEnd.NotServed)
            _context.Farewells.Say(held.Socket, RejectReason.NobodyTookIt);
        var outcome = EndText.Describe(report);
        MasterLog.TransferEnded(_context.Logger, connection, held.Name, worker.Pid, outcome, report.FileBytes, report.Elapsed.TotalSeconds);
        _context.ConnectionEnded?.Invoke(
            new TransferEnded(held.Peer, worker.Pid, report.End == ConnectionEnd.Completed, outcome, report.FileBytes, report.Elapsed));
    }

    // A closed lane stays readable for ever: out with it. Its process is about to end, which its own descriptor tells.
    private void CloseLane(WorkerProcess worker)
    {
        worker.LaneOpen = false;
        _context.Poll.Remove(worker.Lane.Socket);
    }

    // What speaks another language can be trusted with nothing, and cannot be told to leave.
    private void Disown(WorkerProcess worker, LaneError error)
    {
        MasterLog.LaneBroken(_context.Logger, worker.Pid, error);
        worker.IsDisowned = true;
        CloseLane(worker);
        _ = Libc.SendSignal(worker.Process, Signal.Kill);
    }

    private void Reap(WorkerProcess worker)
    {
        if (worker.LaneOpen)
            ReadLane(worker);
        var status = Libc.Wait(worker.Process, wait: false);
        if (status.State == ProcessState.Running)
            return;
        var cause = CauseOf(worker, status);
        if (cause is WorkerExit.Exited(0))
            MasterLog.WorkerLeft(_context.Logger, worker.Pid);
        else
            MasterLog.WorkerDied(_context.Logger, worker.Pid, EndText.Describe(cause));
        _pending.Enqueue(
            new PoolEvent.WorkerExited(
                worker.Id, cause, new Arr<ConnectionId>(_context.Connections.ContinuableOf(worker.Id)), SuspectOf(worker), Random.Shared.NextDouble(), Now));
        if (worker.LaneOpen)
            _context.Poll.Remove(worker.Lane.Socket);
        _context.Poll.Remove(worker.Process);
        var moved = _context.Scoreboard.Read(worker.Cell, _context.Workers.CellsPerWorker).Progress;
        _context.Journal.Add(new WorkerEnd(worker.Id, worker.Pid, Now, EndText.Describe(cause)), moved);
        _context.Workers.Remove(worker);
    }

    private WorkerExit CauseOf(WorkerProcess worker, ProcessStatus status) =>
        status.State != ProcessState.Killed ? new WorkerExit.Exited(status.Value)
        : worker.IsDisowned ? new WorkerExit.Disowned()
        : status.Value == WorkerExit.KillSignal && _memory.HaveRisen() ? new WorkerExit.OutOfMemory()
        : new WorkerExit.Killed(status.Value);

    /// <summary>In whose turn it died, if nothing has moved on that connection since the worker got it.</summary>
    private ConnectionId? SuspectOf(WorkerProcess worker)
    {
        foreach (var connection in _context.Scoreboard.ReadTurns(worker.Cell, _context.Workers.CellsPerWorker))
            if (_context.Connections.Find(connection) is { } held && held.Worker == worker.Id && !held.HasMoved())
                return connection;
        return null;
    }

    private void ReadHeartbeats(DateTimeOffset now, TimeSpan interval)
    {
        _nextHeartbeat = now + (interval < _heartbeatInterval ? interval : _heartbeatInterval);
        if (!_wasBusy)
        {
            _context.Connections.Rest();
            _idleMemory?.Rest();
        }
        _wasBusy = false;
        _context.Notifier.Alive();
        _context.Control?.Sweep(now);
        foreach (var worker in _context.Workers.All)
        {
            var (beats, progress) = _context.Scoreboard.Read(worker.Cell, _context.Workers.CellsPerWorker);
            if (beats == worker.BeatsSeen)
            {
                var (isStopped, computed) = HungProcess.Observe(worker.Pid, worker.Pid);
                _pending.Enqueue(new PoolEvent.Silent(worker.Id, isStopped, computed, now));
                continue;
            }
            worker.BeatsSeen = beats;
            _pending.Enqueue(new PoolEvent.Heartbeat(worker.Id, progress, ProcessMemory.Resident(worker.Pid), now));
        }
    }
}
