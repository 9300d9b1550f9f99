using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Worker;

/// <summary>
/// The leading thread of a worker process with several threads: the pool machine of the master a second time, with threads in the place of
/// processes. What the process says to its master is decided by <see cref="WorkerMachine"/>, which thread serves what by
/// <see cref="PoolMachine"/>; this loop connects the two.
/// </summary>
internal sealed class ThreadPoolLoop : IDisposable
{
    private static readonly TimeSpan UnconfiguredInterval = TimeSpan.FromSeconds(1);

    private readonly Scoreboard _scoreboard;
    private readonly Journal? _journal;
    private readonly Func<Settings, IConnectionService?> _services;
    private readonly Func<LaneMessage.Configure, PoolPolicy> _policy;
    private readonly PollHandle _poll = PollHandle.Create();
    private readonly MasterLink _master;
    private readonly Queue<PoolEvent> _pending = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private ThreadCommandRunner? _runner;
    private PoolState? _pool;
    private DateTimeOffset _nextHeartbeat;
    private int _cell;
    private bool _announced;
    private bool _drained;

    /// <summary>A process over its lane and scoreboard.</summary>
    /// <param name="lane">The lane to the master.</param>
    /// <param name="scoreboard">Where all threads count.</param>
    /// <param name="services">Makes each thread's service; called on that thread.</param>
    /// <param name="signals">The process's signals.</param>
    /// <param name="policy">The settings of the pool of threads, by what the master says.</param>
    /// <param name="journal">Where the threads say what they do; <c>null</c> where nobody could go on with that.</param>
    public ThreadPoolLoop(
        IWorkerLane lane,
        Scoreboard scoreboard,
        Func<Settings, IConnectionService?> services,
        SignalEvents? signals,
        Func<LaneMessage.Configure, PoolPolicy> policy,
        Journal? journal = null)
    {
        _journal = journal;
        _scoreboard = scoreboard;
        _services = services;
        _policy = policy;
        _master = new MasterLink(lane, signals, _poll, Configure, Serve, () => _runner?.Drain(), () => _runner?.HandOver());
    }

    /// <summary>How many threads have not ended: after <see cref="Run"/>, those that only the end of the process can end.</summary>
    public int ThreadsLeft => _runner?.Threads.Count ?? 0;

    /// <summary>
    /// The settings of a worker's pool of threads. What the master has dispatched may wait as long as it has to: the master knows of it, and
    /// hands out no more than the threads have slots.
    /// </summary>
    public static PoolPolicy PolicyOf(LaneMessage.Configure configure) =>
        new(configure.Threads) { Backlog = configure.Threads * configure.Slots, MaximumWait = null };

    /// <summary>Runs until the process is to end.</summary>
    /// <param name="first">What was taken from the lane already.</param>
    public WorkerLeave Run(LaneReceipt? first = null)
    {
        if (first is not null)
            _master.Take(first);
        while (!HasEnded())
        {
            if (_pending.TryDequeue(out var ev))
                Step(PoolMachine.Step(_pool!, ev));
            else
                Collect(DateTimeOffset.UtcNow);
        }
        _master.Flush();
        return _master.Leave!.Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner?.Dispose();
        _master.Dispose();
        _poll.Dispose();
    }

    // A process that has finished lets its threads finish too, which hold nothing any more; one that has failed does not wait for them.
    private bool HasEnded()
    {
        if (_master.Leave is not { } leave)
            return false;
        if (_runner is null or { HasEnded: true } || leave != WorkerLeave.Finished)
            return true;
        if (!_drained)
            _pending.Enqueue(new PoolEvent.Drain(null, MasterEventSource.Now));
        _drained = true;
        return false;
    }

    private void Configure(LaneMessage.Configure configure)
    {
        if (_runner is not null)
            return;
        _cell = configure.Cell;
        _runner = new ThreadCommandRunner(configure, _scoreboard, _journal, _services, _poll, _master);
        Step(PoolMachine.Start(_policy(configure), MasterEventSource.Now));
    }

    private void Serve(ConnectionId connection, int slot, Descriptor socket)
    {
        _runner!.Take(connection, slot, socket);
        _pending.Enqueue(new PoolEvent.Accepted(connection, PeerKey.None, MasterEventSource.Now));
    }

    private void Step(PoolStep step)
    {
        _pool = step.State;
        foreach (var command in step.Commands)
            if (_runner!.Run(command) is { } answer)
                _pending.Enqueue(answer);
        if (_announced || new PoolGoal.Resized(_pool.Target).Of(_pool) is not GoalStatus.Reached)
            return;
        _announced = true;
        _master.Feed(new WorkerEvent.Configured(_pool.Workers.Sum(thread => thread.FreeSlots)));
    }

    private void Collect(DateTimeOffset now)
    {
        if (now >= _nextHeartbeat)
            ReadHeartbeats(now);
        var until = _nextHeartbeat;
        if (_pool is not null && PoolMachine.NextDeadline(_pool) is { } deadline && deadline < until)
            until = deadline;
        _master.Flush();
        var count = _pending.Count > 0 ? 0 : _poll.Wait(_ready, Math.Max(0, (int)Math.Ceiling((until - now).TotalMilliseconds)));
        _scoreboard.Beat(_cell);
        foreach (var readiness in _ready.AsSpan(0, count))
            if (!_master.Handle(readiness) && _runner?.Find(new WorkerId((int)readiness.Token)) is { } thread)
                ReadLane(thread);
        if (count == 0 && _pool is not null && PoolMachine.NextDeadline(_pool) <= MasterEventSource.Now)
            _pending.Enqueue(new PoolEvent.Tick(MasterEventSource.Now));
    }

    private void ReadLane(WorkerThread thread)
    {
        while (true)
            switch (thread.Lane.Receive())
            {
                case LaneReceipt.Message(var message, _):
                    Translate(thread.Id, message);
                    break;
                case LaneReceipt.Closed:
                    Bury(thread);
                    return;
                default:
                    return;
            }
    }

    private void Translate(WorkerId thread, LaneMessage message)
    {
        var now = MasterEventSource.Now;
        switch (message)
        {
            case LaneMessage.Ready(var slots):
                _pending.Enqueue(new PoolEvent.WorkerReady(thread, slots, Random.Shared.NextDouble(), now));
                break;
            case LaneMessage.Acknowledge(var connection):
                _pending.Enqueue(new PoolEvent.Acknowledged(thread, connection, now));
                break;
            case LaneMessage.Refuse(var connection, _):
                _pending.Enqueue(new PoolEvent.Refused(thread, connection, now));
                break;
            // Who goes on with it is for the master of the process to say: here its life is over.
            case LaneMessage.Done(var connection, var report):
                Part(thread, connection, new WorkerEvent.Ended(connection, report), now);
                break;
            case LaneMessage.Return(var connection):
                Part(thread, connection, new WorkerEvent.Returned(connection), now);
                break;
            case LaneMessage.Park(var connection, var left):
                Part(thread, connection, new WorkerEvent.Parked(connection, left), now);
                break;
            default:
                break;
        }
    }

    private void Part(WorkerId thread, ConnectionId connection, WorkerEvent parting, DateTimeOffset now)
    {
        _runner!.Keep(connection, parting);
        _pending.Enqueue(new PoolEvent.Done(thread, connection, now));
    }

    private void Bury(WorkerThread thread)
    {
        var leave = _runner!.Remove(thread);
        if (leave == WorkerLeave.NotConfigured)
            _master.Feed(new WorkerEvent.NotConfigured());
        else if (leave != WorkerLeave.Finished)
            _master.Feed(new WorkerEvent.ThreadFailed());
        _pending.Enqueue(
            new PoolEvent.WorkerExited(thread.Id, new WorkerExit.Exited((int)leave), [], null, Random.Shared.NextDouble(), MasterEventSource.Now));
    }

    private void ReadHeartbeats(DateTimeOffset now)
    {
        _nextHeartbeat = now + (_pool is null ? UnconfiguredInterval : PoolMachine.WatchInterval(_pool));
        foreach (var thread in _runner?.Threads ?? [])
        {
            var (beats, progress) = _scoreboard.Read(thread.Cell);
            if (beats == thread.BeatsSeen)
            {
                _pending.Enqueue(new PoolEvent.Silent(thread.Id, IsStopped: false, HungProcess.Observe(Environment.ProcessId, thread.KernelId).Computed, now));
                continue;
            }
            thread.BeatsSeen = beats;
            _pending.Enqueue(new PoolEvent.Heartbeat(thread.Id, progress, 0, now));
        }
    }
}
