using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving;

/// <summary>Carries <see cref="EchoMachine"/>'s commands out on one connection.</summary>
internal sealed class EchoDriver : IConnectionDriver, ITransferring
{
    private const int Capacity = 16 * 1024;
    private const ulong TurnBytes = 1024 * 1024;

    private readonly Descriptor _socket;
    private readonly DateTimeOffset _began;
    private readonly byte[] _buffer = new byte[Capacity];
    private int _received;
    private EchoState _state;
    private EchoCommand _command;
    private ProgressWatch _watch;
    private ulong _progress;
    private long _returned;

    /// <summary>A driver that owns <paramref name="socket"/>.</summary>
    public EchoDriver(Descriptor socket, TimeSpan? noProgressLimit, DateTimeOffset now)
    {
        _socket = socket;
        _began = now;
        _watch = new ProgressWatch(now, noProgressLimit);
        (_state, var commands) = EchoMachine.Start(Capacity);
        _command = commands[0];
    }

    /// <inheritdoc/>
    public PollEvents Interest => _command is EchoCommand.Send ? PollEvents.Writable : PollEvents.Readable;

    /// <inheritdoc/>
    public DateTimeOffset? Deadline => _watch.Deadline;

    /// <inheritdoc/>
    public ConnectionReport Report { get; private set; }

    /// <inheritdoc/>
    public string Path => "(echo)";

    /// <inheritdoc/>
    public long Size => 0;

    /// <inheritdoc/>
    public long Offset => _returned;

    /// <inheritdoc/>
    public ulong TakeProgress()
    {
        var progress = _progress;
        _progress = 0;
        return progress;
    }

    /// <inheritdoc/>
    public DriverTurn Advance(DateTimeOffset now)
    {
        var end = _progress + TurnBytes;
        while (_progress < end)
        {
            EchoEvent? ev;
            switch (_command)
            {
                case EchoCommand.Receive(var maximum):
                    ev = EventOfReceive(Libc.Receive(_socket, _buffer.AsSpan(0, maximum)), now);
                    break;
                case EchoCommand.Send(var count):
                    ev = EventOfSend(Libc.Send(_socket, _buffer.AsSpan(_received - count, count)), now);
                    break;
                case EchoCommand.Finish(var outcome):
                    Ending.InOrder(_socket);
                    Report = ReportOf(outcome, now);
                    return DriverTurn.Ended;
                case EchoCommand.Abort(var outcome):
                    Ending.Abruptly(_socket);
                    Report = ReportOf(outcome, now);
                    return DriverTurn.Ended;
                default:
                    throw new System.Diagnostics.UnreachableException(_command.GetType().Name);
            }
            if (ev is null)
                return DriverTurn.Blocked;
            (_state, var commands) = EchoMachine.Step(_state, ev);
            _command = commands[0];
        }
        return DriverTurn.Yielded;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private EchoEvent? EventOfReceive(IoResult result, DateTimeOffset now)
    {
        if (!result.IsOk)
            return Failure(result, now);
        if (result.Count == 0)
            return new EchoEvent.EndOfStream();
        _received = (int)result.Count;
        Move(result.Count, now);
        return new EchoEvent.Received(_received);
    }

    private EchoEvent? EventOfSend(IoResult result, DateTimeOffset now)
    {
        if (!result.IsOk)
            return Failure(result, now);
        Move(result.Count, now);
        _returned += result.Count;
        return new EchoEvent.Sent((int)result.Count);
    }

    private EchoEvent? Failure(IoResult result, DateTimeOffset now) =>
        !result.WouldBlock ? new EchoEvent.PeerGone((int)result.Error)
        : _watch.IsStalled(now) ? new EchoEvent.Stalled(now - _watch.LastMoved)
        : null;

    private void Move(long count, DateTimeOffset now)
    {
        _progress += (ulong)count;
        _watch = _watch.Moved(now);
    }

    private ConnectionReport ReportOf(EchoOutcome outcome, DateTimeOffset now) =>
        outcome switch
        {
            EchoOutcome.Completed(var returned) => new(ConnectionEnd.Completed, 0, returned, returned, now - _began),
            EchoOutcome.PeerGone(var errno, var returned) => new(ConnectionEnd.PeerGone, errno, returned, returned, now - _began),
            EchoOutcome.Stalled(_, var returned) => new(ConnectionEnd.Stalled, 0, returned, returned, now - _began),
            _ => new(ConnectionEnd.Faulted, 0, 0, 0, now - _began),
        };
}
