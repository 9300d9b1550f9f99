using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Worker;

/// <summary>Carries pool commands out where the workers are threads. Decides nothing.</summary>
/// <param name="configure">What the process was told by its master.</param>
/// <param name="scoreboard">Where the threads count.</param>
/// <param name="journal">Where the threads say what they do; <c>null</c> where nobody could go on with that.</param>
/// <param name="services">Makes each thread's service.</param>
/// <param name="poll">What the leading thread waits with; gains the threads' lanes under their ids.</param>
/// <param name="master">Whom to tell what became of a connection, or that a thread has failed.</param>
internal sealed class ThreadCommandRunner(
    LaneMessage.Configure configure,
    Scoreboard scoreboard,
    Journal? journal,
    Func<Settings, IConnectionService?> services,
    PollHandle poll,
    MasterLink master)
    : IDisposable
{
    private readonly Dictionary<WorkerId, WorkerThread> _threads = [];
    private readonly Dictionary<ConnectionId, (Descriptor Socket, int Slot)> _undelivered = [];
    private readonly Dictionary<ConnectionId, WorkerEvent> _partings = [];
    private bool _drains;
    private bool _handsOver;
    private readonly SortedSet<int> _freeCells = [.. Enumerable.Range(configure.Cell + 1, configure.Threads)];

    /// <summary>Tells all threads, through them their connections, that these are to end soon.</summary>
    public void Drain()
    {
        (_drains, _handsOver) = (true, false);
        foreach (var thread in _threads.Values)
            thread.Lane.Send(new LaneMessage.Drain());
    }

    /// <summary>Has all threads give back what they hold, and what still comes.</summary>
    public void HandOver()
    {
        _handsOver = true;
        foreach (var thread in _threads.Values)
            thread.Lane.Send(new LaneMessage.GiveBack());
    }

    /// <summary>Whether the pool of threads has ended, or one of them that cannot be ended has been given up.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The threads that have not ended.</summary>
    public IReadOnlyCollection<WorkerThread> Threads => _threads.Values;

    /// <summary>A thread; <c>null</c> where it has ended.</summary>
    public WorkerThread? Find(WorkerId id) => _threads.GetValueOrDefault(id);

    /// <summary>Takes a connection over, to be dispatched.</summary>
    public void Take(ConnectionId connection, int slot, Descriptor socket) => _undelivered.Add(connection, (socket, slot));

    /// <summary>Keeps what is to be said of a connection that a thread holds no more, until the pool of threads releases it.</summary>
    public void Keep(ConnectionId connection, WorkerEvent parting) => _partings[connection] = parting;

    /// <summary>A thread's lane has closed.</summary>
    /// <returns>Why it left.</returns>
    public WorkerLeave Remove(WorkerThread thread)
    {
        var leave = thread.Join();
        poll.Remove(thread.Lane.Readable);
        _threads.Remove(thread.Id);
        _freeCells.Add(thread.Cell);
        thread.Dispose();
        return leave;
    }

    /// <summary>Carries one command out.</summary>
    /// <returns>What came of it, where that is not simply what was asked.</returns>
    public PoolEvent? Run(PoolCommand command)
    {
        switch (command)
        {
            case PoolCommand.Spawn(var id):
                Spawn(id);
                return null;
            case PoolCommand.Dispatch(var connection, var id):
                return Dispatch(connection, id);
            case PoolCommand.Release(var connection):
                if (_partings.Remove(connection, out var parting))
                    master.Feed(parting);
                return null;
            case PoolCommand.Reject(var connection, var reason, _):
                Reject(connection, reason);
                return null;
            case PoolCommand.SendExit(var id, var handOver):
                _ = Find(id)?.Lane.Send(new LaneMessage.Exit(handOver));
                return null;
            case PoolCommand.Signal(var id, WorkerSignal.Dump):
                if (Find(id) is { } hung)
                    WorkerLog.ThreadHangs(id, HungProcess.Describe(hung.KernelId));
                return null;
            case PoolCommand.Signal(var id, _):
                WorkerLog.ThreadLost(id);
                master.Feed(new WorkerEvent.ThreadFailed());
                HasEnded = true;
                return null;
            case PoolCommand.Exit:
                HasEnded = true;
                return null;
            default:
                // Waiting needs nothing, and neither listeners nor a successor are a worker's business.
                return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var thread in _threads.Values)
            thread.Dispose();
        foreach (var (socket, _) in _undelivered.Values)
            socket.Dispose();
    }

    private void Spawn(WorkerId id)
    {
        if (HasEnded)
            return;
        try
        {
            var thread = new WorkerThread(id, _freeCells.Min, scoreboard, journal, services);
            _freeCells.Remove(thread.Cell);
            _threads.Add(id, thread);
            poll.Add(thread.Lane.Readable, PollEvents.Readable, (ulong)id.Value);
            thread.Lane.Send(configure with { Cell = thread.Cell, Threads = 1 });
            if (_drains)
                thread.Lane.Send(new LaneMessage.Drain());
            if (_handsOver)
                thread.Lane.Send(new LaneMessage.GiveBack());
            thread.Start();
        }
        catch (Exception e) when (e is NativeException or OutOfMemoryException)
        {
            WorkerLog.ThreadFailed(id, e);
            master.Feed(new WorkerEvent.ThreadFailed());
            HasEnded = true;
        }
    }

    private PoolEvent.Refused? Dispatch(ConnectionId connection, WorkerId id)
    {
        // A thread that refuses has closed what it was handed; there is nothing to hand to another.
        if (_undelivered.TryGetValue(connection, out var arrived)
            && Find(id) is { } thread
            && thread.Lane.Send(new LaneMessage.Assign(connection, arrived.Slot), arrived.Socket) == Errno.None)
        {
            _undelivered.Remove(connection);
            return null;
        }
        return new(id, connection, MasterEventSource.Now);
    }

    // The master was told that the connection is ours: it can no longer be refused, only be reported, and says the farewell then.
    private void Reject(ConnectionId connection, RejectReason reason)
    {
        WorkerLog.NoThreadTook(connection, EndText.Describe(reason));
        if (_undelivered.Remove(connection, out var arrived))
            arrived.Socket.Dispose();
        var end = reason == RejectReason.WorkerDied ? ConnectionEnd.Faulted : ConnectionEnd.NotServed;
        master.Feed(new WorkerEvent.Ended(connection, new ConnectionReport(end, 0, 0, 0, TimeSpan.Zero)));
    }
}
