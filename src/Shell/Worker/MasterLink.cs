using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>
/// A worker towards its master: what comes over the lane and by signals goes to <see cref="WorkerMachine"/>, and what that says is carried
/// out. The same whether the worker serves by itself or through threads of its own.
/// </summary>
internal sealed class MasterLink : IDisposable
{
    private const ulong LaneToken = ulong.MaxValue;
    private const ulong SignalToken = ulong.MaxValue - 1;

    private readonly IWorkerLane _lane;
    private readonly SignalEvents? _signals;
    private readonly PollHandle _poll;
    private readonly Action<LaneMessage.Configure> _configure;
    private readonly Action<ConnectionId, int, Descriptor> _serve;
    private readonly Action _drain;
    private readonly Action _handOver;
    private WorkerLife _life = WorkerLife.Spawned;
    private Descriptor? _arrived;
    private int _arrivedSlot;
    private bool _laneOpen = true;

    /// <summary>A link over a lane.</summary>
    /// <param name="lane">The lane to the master; stays the caller's.</param>
    /// <param name="signals">The process's signals; <c>null</c> where another thread attends to them.</param>
    /// <param name="poll">What the worker waits with; gains both.</param>
    /// <param name="configure">Prepares to serve, and tells by <see cref="Feed"/> whether that worked.</param>
    /// <param name="serve">Begins to serve a connection, with its slot in the journal; owns the descriptor from then on.</param>
    /// <param name="drain">Tells all connections, those that still come too, that they are to end soon; called once.</param>
    /// <param name="handOver">Begins to give connections back, those that still come too; called once, and no more after <paramref name="drain"/>.</param>
    public MasterLink(
        IWorkerLane lane,
        SignalEvents? signals,
        PollHandle poll,
        Action<LaneMessage.Configure> configure,
        Action<ConnectionId, int, Descriptor> serve,
        Action drain,
        Action handOver)
    {
        _lane = lane;
        _signals = signals;
        _poll = poll;
        _configure = configure;
        _serve = serve;
        _drain = drain;
        _handOver = handOver;
        poll.Add(lane.Readable, PollEvents.Readable, LaneToken);
        if (signals is not null)
            poll.Add(signals.Ready, PollEvents.Readable, SignalToken);
    }

    /// <summary>Why the worker leaves; <c>null</c> while it stays.</summary>
    public WorkerLeave? Leave { get; private set; }

    /// <summary>Takes a report of the poll handle, where it is about the lane or the signals.</summary>
    public bool Handle(Readiness readiness)
    {
        if (readiness.Token == LaneToken)
            ReadLane();
        else if (readiness.Token == SignalToken)
            ReadSignals();
        else
            return false;
        return true;
    }

    /// <summary>Takes everything that is in the lane.</summary>
    public void ReadLane()
    {
        while (_laneOpen && Leave is null)
            if (!Take(_lane.Receive()))
                return;
    }

    /// <summary>Takes one receipt of the lane.</summary>
    /// <returns>Whether there may be another.</returns>
    public bool Take(LaneReceipt receipt)
    {
        switch (receipt)
        {
            case LaneReceipt.Message(LaneMessage.Configure configure, var descriptor):
                descriptor?.Dispose();
                _configure(configure);
                return true;
            case LaneReceipt.Message(LaneMessage.Assign(var connection, var slot), var descriptor):
                (_arrived, _arrivedSlot) = (descriptor, slot);
                Feed(new WorkerEvent.Assigned(connection, descriptor is not null));
                return true;
            case LaneReceipt.Message(LaneMessage.Exit(var handOver), var descriptor):
                descriptor?.Dispose();
                Feed(new WorkerEvent.ExitAsked(handOver));
                return true;
            case LaneReceipt.Message(LaneMessage.GiveBack, var descriptor):
                descriptor?.Dispose();
                Feed(new WorkerEvent.HandOverAsked());
                return true;
            case LaneReceipt.Message(LaneMessage.Drain, var descriptor):
                descriptor?.Dispose();
                Feed(new WorkerEvent.DrainAsked());
                return true;
            case LaneReceipt.Empty:
                return false;
            case LaneReceipt.Closed:
                CloseLane();
                Feed(new WorkerEvent.MasterGone());
                return false;
            default:
                // Another version's master, or no master at all: nothing that it says can be trusted.
                CloseLane();
                Feed(_life.Stage == WorkerStage.Configuring ? new WorkerEvent.NotConfigured() : new WorkerEvent.MasterGone());
                return false;
        }
    }

    /// <summary>Something has happened to the worker.</summary>
    public void Feed(WorkerEvent ev)
    {
        var step = WorkerMachine.Step(_life, ev);
        _life = step.State;
        foreach (var command in step.Commands)
            Run(command);
    }

    /// <summary>Tells the master what there is to tell: before anything that waits, and before what was acknowledged has its first turn.</summary>
    public void Flush() => _lane.Flush();

    /// <inheritdoc/>
    public void Dispose() => _arrived?.Dispose();

    private void ReadSignals()
    {
        foreach (var signal in _signals!.Take())
            if (signal == Signal.Terminate)
                Feed(new WorkerEvent.ExitAsked(HandOver: false));
    }

    private void CloseLane()
    {
        _poll.Remove(_lane.Readable);
        _laneOpen = false;
    }

    private void Run(WorkerCommand command)
    {
        switch (command)
        {
            case WorkerCommand.Say(var message) when _laneOpen:
                _lane.Say(message);
                break;
            case WorkerCommand.Serve(var connection) when _arrived is { } socket:
                _arrived = null;
                _serve(connection, _arrivedSlot, socket);
                break;
            case WorkerCommand.Drop:
                _arrived?.Dispose();
                _arrived = null;
                break;
            case WorkerCommand.Drain:
                _drain();
                break;
            case WorkerCommand.HandOver:
                _handOver();
                break;
            case WorkerCommand.Leave(var why):
                Leave = why;
                break;
            default:
                break;
        }
    }
}
