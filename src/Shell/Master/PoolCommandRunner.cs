using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Upgrade;

namespace Trainyard.Shell.Master;

/// <summary>Carries pool commands out. A command that can fail answers with an event; nothing is decided here.</summary>
internal sealed class PoolCommandRunner(MasterContext context, Succession succession)
{
    private readonly Outbox _outbox = new(context);
    private bool _begun;
    private bool _paused;
    private bool _listening;

    /// <summary>Why the pool has ended; <c>null</c> while it runs.</summary>
    public PoolVerdict? Verdict { get; private set; }

    /// <summary>Begins to accept, unless the pool has paused it.</summary>
    public void BeginAccepting()
    {
        _begun = true;
        Gate();
    }

    /// <summary>Carries one command out. Connections that were dispatched leave with <see cref="Flush"/>, or before.</summary>
    /// <returns>What came of it, where that is not simply what was asked.</returns>
    public PoolEvent? Run(PoolCommand command)
    {
        switch (command)
        {
            case PoolCommand.Spawn(var worker):
                return Spawn(worker);
            case PoolCommand.Dispatch(var connection, var worker):
                return Dispatch(connection, worker);
            case PoolCommand.Queue(var connection, var waiting):
                MasterLog.Queued(context.Logger, connection, waiting);
                return null;
            case PoolCommand.Reject(var connection, var reason, _):
                Reject(connection, reason);
                return null;
            case PoolCommand.Release(var connection):
                context.Connections.Close(connection);
                return null;
            case PoolCommand.Watch(var connection):
                Watch(connection);
                return null;
            case PoolCommand.SendExit(var worker, var handOver):
                SendExit(worker, handOver);
                return null;
            case PoolCommand.Signal(var worker, var kind):
                Signal(worker, kind);
                return null;
            case PoolCommand.PauseAccept:
                _paused = true;
                Gate();
                return null;
            case PoolCommand.ResumeAccept:
                _paused = false;
                Gate();
                return null;
            case PoolCommand.CloseListeners:
                _paused = true;
                Gate();
                context.KeepNames(succession.IsSucceeded);
                context.CloseListeners();
                succession.ListenersClosed();
                return null;
            case PoolCommand.StartSuccessor:
                return succession.Start();
            case PoolCommand.AbandonSuccessor:
                succession.Abandon();
                return null;
            case PoolCommand.HandOn(var connection):
                return succession.HandOn(connection);
            case PoolCommand.Exit(var verdict):
                Verdict = verdict;
                return null;
            default:
                throw new System.Diagnostics.UnreachableException(command.GetType().Name);
        }
    }

    /// <summary>Has everything leave for the workers: before anything is waited for.</summary>
    /// <param name="answers">Gains what has come of it, where that is not simply what was asked.</param>
    public void Flush(Queue<PoolEvent> answers) => _outbox.SendAll(answers);

    private PoolEvent.WorkerExited? Spawn(WorkerId worker)
    {
        context.Reserve.Release();
        try
        {
            return SpawnFromReserve(worker);
        }
        catch (NativeException e) when (e.Error is Errno.ProcessFileLimit or Errno.SystemFileLimit or Errno.NoBufferSpace or Errno.OutOfMemory)
        {
            return NotSpawned(worker, e.Error);
        }
        finally
        {
            context.Reserve.Refill();
        }
    }

    private PoolEvent.WorkerExited? SpawnFromReserve(WorkerId worker)
    {
        if (context.Workers.TakeCell() is not { } cell)
            return NotSpawned(worker, Errno.OutOfMemory);
        for (var i = 0; i < context.Workers.CellsPerWorker; i++)
            context.Scoreboard.Clear(cell + i);
        var (lane, theirs) = LaneChannel.CreatePair();
        using (theirs)
        {
            var spawned = Libc.Spawn(
                context.Program.Path,
                [.. context.Program.Arguments, WorkerEntry.Flag],
                environment: null,
                [
                    (theirs, WorkerEntry.LaneNumber),
                    (context.Scoreboard.Descriptor, WorkerEntry.ScoreboardNumber),
                    (context.ConnectionJournal.Descriptor, WorkerEntry.JournalNumber),
                ]);
            if (!spawned.IsOk)
            {
                lane.Dispose();
                context.Workers.ReturnCell(cell);
                return NotSpawned(worker, spawned.Error);
            }
            var pid = spawned.ProcessId;
            var opened = Libc.OpenProcess(pid);
            if (!opened.IsOk)
            {
                // It sees its lane end and leaves.
                lane.Dispose();
                context.Workers.ReturnCell(cell);
                return NotSpawned(worker, opened.Error);
            }
            var process = new WorkerProcess(worker, pid, cell, opened.Descriptor, lane);
            context.Workers.Add(process);
            context.Poll.Add(lane.Socket, PollEvents.Readable, new PollToken(PollTokenKind.Lane, worker.Value).Value);
            context.Poll.Add(process.Process, PollEvents.Readable, new PollToken(PollTokenKind.Process, worker.Value).Value);
            // It waits in the lane until the worker is up. Should it not arrive, the worker sees its lane end and leaves.
            lane.Send(new LaneMessage.Configure(cell, context.Threads, context.Slots, context.Settings));
            MasterLog.WorkerSpawned(context.Logger, pid);
            return null;
        }
    }

    private PoolEvent.WorkerExited NotSpawned(WorkerId worker, Errno errno)
    {
        MasterLog.NotSpawned(context.Logger, context.Program.Path, ErrnoText.Describe(errno));
        var (cause, now) = (new WorkerExit.NotSpawned((int)errno), MasterEventSource.Now);
        context.Journal.Add(new WorkerEnd(worker, Pid: 0, now, EndText.Describe(cause)), bytes: 0);
        return new(worker, cause, [], null, Random.Shared.NextDouble(), now);
    }

    private PoolEvent.Refused? Dispatch(ConnectionId connection, WorkerId worker)
    {
        if (context.Connections.Find(connection) is not { } held || context.Workers.Find(worker) is not { LaneOpen: true } process)
            return new PoolEvent.Refused(worker, connection, MasterEventSource.Now);
        context.Unwatch(held);
        if (!context.Connections.Prepare(held))
        {
            MasterLog.NotPassed(context.Logger, connection, process.Pid, "no slot of the journal is left for it");
            return new PoolEvent.Refused(worker, connection, MasterEventSource.Now);
        }
        held.Worker = worker;
        _outbox.Put(process, connection);
        return null;
    }

    private void Reject(ConnectionId connection, RejectReason reason)
    {
        context.Journal.CountRejected(reason);
        if (context.Connections.Find(connection) is not { } held)
            return;
        if (reason == RejectReason.Quarantined)
            MasterLog.Quarantined(context.Logger, connection, held.Name, JournalText.Subject(context.Connections.Read(held)));
        else if (reason != RejectReason.Idle)
            MasterLog.Rejected(context.Logger, connection, held.Name, EndText.Describe(reason));
        context.Unwatch(held);
        if (reason is RejectReason.WorkerDied or RejectReason.Quarantined or RejectReason.Interrupted)
            Cut(held, reason);
        else
            context.Farewells.Say(held.Socket, reason);
        context.Connections.Close(connection);
    }

    // An orderly end in the middle of an answer would look like its end to a client that counts nothing: reset instead. But between two trains a
    // client that speaks the native protocol can still be told.
    private void Cut(HeldConnection held, RejectReason reason)
    {
        var entry = context.Connections.Read(held);
        var isBetween = entry is null
            ? held.IsUntouched()
            : entry.IsNative && Libc.CountStream(held.Socket, out var counts, out _) == Errno.None && Recovery.IsBetweenTrains(entry, counts);
        if (isBetween)
            context.Farewells.Say(held.Socket, reason);
        else
            Libc.SetLinger(held.Socket, 0);
    }

    private void Watch(ConnectionId connection)
    {
        if (context.Connections.Find(connection) is not { } held)
            return;
        // What it says is short, and its slot serves others meanwhile.
        context.Connections.Save(held);
        held.Worker = null;
        held.IsWatched = true;
        context.Poll.Add(held.Socket, PollEvents.Readable, new PollToken(PollTokenKind.Parked, connection.Value).Value);
    }

    // A worker that cannot be told through its lane is told by the lane's end, which it understands as well.
    private void SendExit(WorkerId worker, bool handOver)
    {
        if (context.Workers.Find(worker) is not { LaneOpen: true } process)
            return;
        _outbox.Send(process);
        if (!process.Lane.Send(new LaneMessage.Exit(handOver)).IsOk)
            _ = Libc.Shutdown(process.Lane.Socket, SocketDirection.Both);
    }

    private void Signal(WorkerId worker, WorkerSignal kind)
    {
        if (context.Workers.Find(worker) is not { } process)
            return;
        if (kind == WorkerSignal.Dump)
            MasterLog.WorkerHangs(context.Logger, process.Pid, HungProcess.Describe(process.Pid));
        else
            _ = Libc.SendSignal(process.Process, Linux.Signal.Kill);
    }

    private void Gate()
    {
        var listen = _begun && !_paused;
        if (listen == _listening)
            return;
        for (var i = 0; i < context.Listeners.Count; i++)
            if (listen)
                context.Poll.Add(context.Listeners[i].Socket, PollEvents.Readable, new PollToken(PollTokenKind.Listener, i).Value);
            else
                context.Poll.Remove(context.Listeners[i].Socket);
        _listening = listen;
    }
}
