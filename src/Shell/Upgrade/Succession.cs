using Trainyard.Core.Pool;
using Trainyard.Core.Succession;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Upgrade;

/// <summary>
/// An upgrade as one master sees it, from both ends: the successor that it started, and the predecessor that it was started by. Interprets;
/// the pool machine decides about the one, <see cref="SuccessionMachine"/> about the other.
/// </summary>
internal sealed partial class Succession : IDisposable
{
    private readonly MasterContext _context;
    private readonly SuccessorProgram? _program;
    private readonly Predecessor? _predecessor;
    private SuccessionStage _stage;
    private Successor? _successor;
    private PoolState? _state;

    /// <summary>A succession that has not begun.</summary>
    /// <param name="context">The master's.</param>
    /// <param name="origin">Whom we succeed, and what a successor of ours runs.</param>
    public Succession(MasterContext context, ServiceOrigin origin)
    {
        _context = context;
        _program = origin.Successor;
        _predecessor = origin.Predecessor;
        _stage = _predecessor is null ? SuccessionStage.Leading : SuccessionStage.Proving;
        if (_predecessor is not { } predecessor)
            return;
        MasterLog.Succeeding(context.Logger, predecessor.Pid);
        context.Poll.Add(predecessor.Lane.Socket, PollEvents.Readable, new PollToken(PollTokenKind.PredecessorLane).Value);
    }

    /// <summary>Begins to accept; called once, when it is time to.</summary>
    public required Action BeginAccepting { get; init; }

    /// <summary>Called once, with the pool as it is, when this master is the only one: now it may open what only one can have open.</summary>
    public required Action<PoolState> Lead { get; init; }

    /// <summary>Whether a successor has said that it serves: from then on the listeners are its own.</summary>
    public bool IsSucceeded => _successor is { Serves: true };

    /// <summary>Begins, where nobody has to be succeeded, at once.</summary>
    public void Begin(PoolState state)
    {
        _state = state;
        if (_predecessor is not null)
            return;
        BeginAccepting();
        Lead(state);
    }

    /// <summary>Takes note of what has become of the pool.</summary>
    public void Look(PoolState state)
    {
        _state = state;
        if (_stage == SuccessionStage.Proving && new PoolGoal.Resized(state.Target).Of(state) is GoalStatus.Reached)
            Feed(SuccessionEvent.Proven);
    }

    /// <summary>The pool has ended.</summary>
    public void End(PoolVerdict verdict) => Feed(SuccessionEvent.PoolEnded, EndText.Describe(verdict.Cause));

    /// <summary>Starts a successor.</summary>
    /// <returns>Its failure where that is known at once.</returns>
    public PoolEvent.SuccessorFailed? Start()
    {
        Discard();
        if (_program is null)
        {
            MasterLog.UpgradeFailed(_context.Logger, "this pool is only a part of its process");
            return new(MasterEventSource.Now);
        }
        var error = Successor.Start(_program, _context.Notifier.ForSuccessor(), _context.Listeners, out var successor);
        if (successor is null)
        {
            MasterLog.UpgradeFailed(_context.Logger, $"{_program.Path} cannot be started: {ErrnoText.Describe(error)}");
            return new(MasterEventSource.Now);
        }
        MasterLog.SuccessorStarted(_context.Logger, _program.Path, successor.Pid);
        _successor = successor;
        _context.Poll.Add(successor.Lane.Socket, PollEvents.Readable, new PollToken(PollTokenKind.SuccessorLane).Value);
        _context.Poll.Add(successor.Process, PollEvents.Readable, new PollToken(PollTokenKind.SuccessorProcess).Value);
        return null;
    }

    /// <summary>Ends a successor that did not answer in time, or that nobody wants any more.</summary>
    public void Abandon()
    {
        if (_successor is { GivenUp: false, Serves: false } successor)
        {
            MasterLog.UpgradeFailed(_context.Logger, $"process {successor.Pid} is given up: it was not ready in time, or the server was told to end");
            GiveUp(successor);
        }
    }

    /// <summary>The listeners are closed. If that is because of a successor, the service is its own now.</summary>
    public void ListenersClosed()
    {
        if (_successor is not { Serves: true } successor)
            return;
        _context.Notifier.MainProcess(successor.Pid);
        _ = successor.Lane.Send(new SuccessionMessage.Relieve());
    }

    /// <summary>Gives a connection to the successor.</summary>
    /// <returns>A failure where that is known at once.</returns>
    public PoolEvent.NotHandedOn? HandOn(ConnectionId connection)
    {
        if (_successor is not { LaneOpen: true } successor || _context.Connections.Find(connection) is not { } held)
            return new(connection, MasterEventSource.Now);
        _context.Unwatch(held);
        successor.HandOn(connection, held, _context.Connections.Export(held));
        return null;
    }

    /// <summary>Reads what is ready.</summary>
    public IEnumerable<PoolEvent> Read(PollTokenKind kind) =>
        kind switch
        {
            PollTokenKind.SuccessorLane when _successor is { LaneOpen: true } successor => ReadSuccessor(successor),
            PollTokenKind.SuccessorProcess when _successor is { } successor => Reap(successor),
            PollTokenKind.PredecessorLane when _predecessor is { LaneOpen: true } predecessor => ReadPredecessor(predecessor),
            _ => [],
        };

    /// <inheritdoc/>
    public void Dispose() => Discard();

    private List<PoolEvent> ReadSuccessor(Successor successor)
    {
        var events = new List<PoolEvent>();
        while (successor.LaneOpen)
            switch (successor.Lane.Receive())
            {
                case SuccessionReceipt.Message(var message, var descriptors):
                    SuccessionReceipt.Close(descriptors);
                    if (Translate(successor, message) is { } ev)
                        events.Add(ev);
                    break;
                case SuccessionReceipt.Empty:
                    return events;
                case SuccessionReceipt.Broken(var error):
                    events.AddRange(Lose(successor, $"process {successor.Pid} speaks another language: {error}"));
                    break;
                default:
                    events.AddRange(Lose(successor, $"process {successor.Pid} closed its lane before it was ready"));
                    break;
            }
        return events;
    }

    private PoolEvent? Translate(Successor successor, SuccessionMessage message)
    {
        var now = MasterEventSource.Now;
        switch (message)
        {
            case SuccessionMessage.Ready when successor is { GivenUp: false, Serves: false }:
                successor.Serves = true;
                MasterLog.SuccessorServes(_context.Logger, successor.Pid);
                return new PoolEvent.SuccessorReady(now);
            case SuccessionMessage.Failed(var reason) when successor is { GivenUp: false, Serves: false }:
                return Fail(successor, $"process {successor.Pid} says: {reason}");
            case SuccessionMessage.Taken(var connection) when successor.Confirm(connection):
                MasterLog.HandedOn(_context.Logger, connection, successor.Pid);
                return new PoolEvent.HandedOn(connection, now);
            case SuccessionMessage.NotTaken(var connection) when successor.Confirm(connection):
                MasterLog.NotHandedOn(_context.Logger, connection, successor.Pid);
                return new PoolEvent.NotHandedOn(connection, now);
            default:
                return null;
        }
    }

    /// <summary>The lane has ended: what is not confirmed will not be.</summary>
    private IEnumerable<PoolEvent> Lose(Successor successor, string cause)
    {
        _context.Poll.Remove(successor.Lane.Socket);
        successor.LaneOpen = false;
        foreach (var connection in successor.TakeUnanswered())
        {
            MasterLog.NotHandedOn(_context.Logger, connection, successor.Pid);
            yield return new PoolEvent.NotHandedOn(connection, MasterEventSource.Now);
        }
        // Where it has died, its exit says more than the end of its lane, and is there at the same moment.
        if (successor is { Serves: false, GivenUp: false } && Libc.Poll(successor.Process, PollEvents.Readable, 0) == PollEvents.None)
            yield return Fail(successor, cause);
    }

    private List<PoolEvent> Reap(Successor successor)
    {
        var events = successor.LaneOpen ? ReadSuccessor(successor) : [];
        var status = Libc.Wait(successor.Process, wait: false);
        if (status.State == ProcessState.Running)
            return events;
        var cause = EndText.Describe(status.State == ProcessState.Killed ? new WorkerExit.Killed(status.Value) : new WorkerExit.Exited(status.Value));
        if (successor.Serves)
            MasterLog.SuccessorDied(_context.Logger, successor.Pid, cause);
        else if (!successor.GivenUp)
            events.Add(Fail(successor, $"process {successor.Pid} {cause}"));
        if (successor.LaneOpen)
            events.AddRange(Lose(successor, cause));
        _context.Poll.Remove(successor.Process);
        successor.Dispose();
        _successor = null;
        return events;
    }

    private PoolEvent.SuccessorFailed Fail(Successor successor, string cause)
    {
        MasterLog.UpgradeFailed(_context.Logger, cause);
        GiveUp(successor);
        return new(MasterEventSource.Now);
    }

    // Its workers, if it has some, find their lanes closed and leave.
    private static void GiveUp(Successor successor)
    {
        successor.GivenUp = true;
        _ = Libc.SendSignal(successor.Process, Signal.Kill);
    }

    // One that was given up has been killed: its end takes moments, and nobody else would reap it.
    private void Discard()
    {
        if (_successor is not { } successor)
            return;
        if (successor.GivenUp)
            Libc.Wait(successor.Process, wait: true);
        if (successor.LaneOpen)
            _context.Poll.Remove(successor.Lane.Socket);
        _context.Poll.Remove(successor.Process);
        successor.Dispose();
        _successor = null;
    }

    private void Feed(SuccessionEvent ev, string reason = "")
    {
        var (stage, commands) = SuccessionMachine.Step(_stage, ev);
        _stage = stage;
        foreach (var command in commands)
            switch (command)
            {
                case SuccessionCommand.BeginAccepting:
                    BeginAccepting();
                    break;
                case SuccessionCommand.SayReady:
                    _predecessor!.Answer(new SuccessionMessage.Ready());
                    break;
                case SuccessionCommand.SayFailed:
                    _predecessor!.Answer(new SuccessionMessage.Failed(reason));
                    break;
                default:
                    Lead(_state!);
                    break;
            }
    }
}
