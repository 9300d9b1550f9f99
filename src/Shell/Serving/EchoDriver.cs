using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving;

/// <summary>Carries <see cref="EchoMachine"/>'s commands out on one connection.</summary>
/// <remarks>
/// What comes out is what goes in, so that a worker that goes on needs to know no more than how much the kernel has counted each way: bytes are
/// looked at, sent back, and only then taken out of the socket.
/// </remarks>
internal sealed class EchoDriver : IConnectionDriver, ITransferring, IHandsOver
{
    private const int Capacity = 16 * 1024;
    private const ulong TurnBytes = 1024 * 1024;

    private readonly Descriptor _socket;
    private readonly DateTimeOffset _began;
    private readonly byte[] _buffer = new byte[Capacity];
    private readonly bool _isJournalled;
    private long _sentAhead;
    private int _received;
    private EchoState _state;
    private EchoCommand _command;
    private ProgressWatch _watch;
    private ulong _progress;
    private long _returned;

    /// <summary>A driver that owns <paramref name="socket"/>.</summary>
    public EchoDriver(Descriptor socket, SlotJournal? journal, TimeSpan? noProgressLimit, DateTimeOffset now)
    {
        _socket = socket;
        // Only a TCP connection has counts.
        _isJournalled = journal is not null && Libc.CountStream(socket, out var counts, out _) == Errno.None && Begin(journal, counts);
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
    public bool CanStop => _isJournalled;

    /// <inheritdoc/>
    public DateTimeOffset? IdleSince => null;

    /// <inheritdoc/>
    public DateTimeOffset? IdleUntil => null;

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
                    ev = Receive(maximum, now);
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
    public bool TryStop() => true;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // That there is an entry says that the counts tell everything.
    private bool Begin(SlotJournal journal, StreamCounts counts)
    {
        _sentAhead = counts.Queued - counts.Taken;
        if (journal.Read().Case is JournalRecord { Sequence: 0 })
            journal.Write(JournalEntry.Fresh);
        return true;
    }

    private EchoEvent? Receive(int maximum, DateTimeOffset now)
    {
        if (!_isJournalled)
            return EventOfReceive(Libc.Receive(_socket, _buffer.AsSpan(0, maximum)), now);
        // What has gone back is taken now, also what a worker before this one has sent.
        var taken = Libc.Discard(_socket, _received + _sentAhead);
        if (_received + _sentAhead > 0 && !taken.IsOk)
            return Failure(taken, now);
        (_received, _sentAhead) = (0, 0);
        return EventOfReceive(Libc.Receive(_socket, _buffer.AsSpan(0, maximum), MessageFlags.Peek), now);
    }

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
