using System.Runtime.InteropServices;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>
/// Connections on their way to workers: those that one round of the master's loop dispatches leave together, in few datagrams. Passing one by itself costs
/// both ends two to three times as much.
/// </summary>
internal sealed class Outbox(MasterContext context)
{
    private readonly List<WorkerProcess> _addressed = [];
    private readonly Queue<PoolEvent> _failed = new();
    private readonly List<LaneMessage.Assign> _messages = [];
    private readonly List<SafeHandle> _sockets = [];

    /// <summary>Puts a connection in, which leaves with the next <see cref="SendAll"/> at the latest.</summary>
    public void Put(WorkerProcess worker, ConnectionId connection)
    {
        if (worker.Outgoing.Count == 0)
            _addressed.Add(worker);
        worker.Outgoing.Add(connection);
        // Said here, so that the log has the order in which slots are taken and freed. What cannot be passed after all is said as well.
        MasterLog.Passed(context.Logger, connection, worker.Pid);
        if (worker.Outgoing.Count == LaneChannel.MostAssigned)
            Send(worker);
    }

    /// <summary>Sends what there is for one worker: before anything else is said to it.</summary>
    public void Send(WorkerProcess worker)
    {
        if (worker.Outgoing.Count == 0)
            return;
        _addressed.Remove(worker);
        Gather(worker);
        if (_messages.Count > 0)
            Pass(worker);
        worker.Outgoing.Clear();
    }

    /// <summary>Sends all.</summary>
    /// <param name="failed">Gains what could not be passed, since the last call.</param>
    public void SendAll(Queue<PoolEvent> failed)
    {
        while (_addressed.Count > 0)
            Send(_addressed[^1]);
        while (_failed.TryDequeue(out var failure))
            failed.Enqueue(failure);
    }

    // Not what has been taken from the worker since: it may be another's by now, or nobody's.
    private void Gather(WorkerProcess worker)
    {
        _messages.Clear();
        _sockets.Clear();
        foreach (var connection in worker.Outgoing)
            if (context.Connections.Find(connection) is { } held && held.Worker == worker.Id)
            {
                _messages.Add(new LaneMessage.Assign(connection, held.Slot));
                _sockets.Add(held.Socket);
            }
    }

    private void Pass(WorkerProcess worker)
    {
        // One that has ended has a lane no more, and its descriptor may be closed.
        var sent = worker.LaneOpen && context.Workers.Find(worker.Id) == worker
            ? worker.Lane.Send(CollectionsMarshal.AsSpan(_messages), CollectionsMarshal.AsSpan(_sockets))
            : new IoResult(0, Errno.BrokenPipe);
        if (sent.IsOk)
            return;
        foreach (var message in _messages)
            Fail(worker, message.Connection, sent);
    }

    private void Fail(WorkerProcess worker, ConnectionId connection, IoResult sent)
    {
        MasterLog.NotPassed(context.Logger, connection, worker.Pid, ErrnoText.Describe(sent.Error));
        var now = MasterEventSource.Now;
        _failed.Enqueue(sent.WouldBlock ? new PoolEvent.LaneFull(worker.Id, connection, now) : new PoolEvent.Refused(worker.Id, connection, now));
    }
}
