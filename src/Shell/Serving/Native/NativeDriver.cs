using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving.Native;

/// <summary>One session of the native protocol: what comes is read by <see cref="ServerSession"/>, what it asks for is done by the <see cref="ServedTree"/>.</summary>
/// <remarks>
/// Answers gather in the output while requests that came ahead are at hand, and leave together. While one is being sent nothing is read:
/// the client's own requests then wait in the kernel. Before anything leaves, and before anything is taken out of the socket, the journal says so
/// (<see cref="SessionJournal"/>), so that another worker can go on at any byte.
/// </remarks>
internal sealed partial class NativeDriver : IConnectionDriver, ITransferring, IHandsOver
{
    // A fair share for one turn of the worker's loop; a connection that could go on gets its next turn after the others.
    private const ulong TurnBytes = 8 * 1024 * 1024;
    private const int TurnSteps = 256;
    private const int RequestPiece = 16 * 1024;
    private const int UploadPiece = 256 * 1024;
    private const int LongestTrain = 1024 * 1024;

    private readonly Descriptor _socket;
    private readonly ServedTree _tree;
    private readonly Func<ServerStatus>? _status;
    private readonly SessionJournal _journal;
    private readonly SessionWire _wire;
    private readonly InputBuffer _input;
    private readonly Action _wake;
    private readonly DateTimeOffset _began;
    private ServerSessionState _session;
    private IAnswer? _answer;
    private IUpload? _upload;
    private JournalledUpload _uploadRecord;
    private Opaque _nextToken;
    private JournalSession? _between;
    private long _uploadSavedAt;
    private ulong _progress;
    private long _fileBytes;
    private bool _working;
    private bool _draining;

    /// <summary>A driver that owns <paramref name="socket"/>.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="tree">What is served.</param>
    /// <param name="status">How the pool is; <c>null</c> where nobody says.</param>
    /// <param name="policy">What is offered in the session.</param>
    /// <param name="journal">The connection's slot; <c>null</c> where nobody could go on with it.</param>
    /// <param name="scratch">Memory that everyone on this thread may use within one call.</param>
    /// <param name="wake">Has <see cref="Advance"/> called soon; from any thread.</param>
    /// <param name="now">The time.</param>
    public NativeDriver(
        Descriptor socket,
        ServedTree tree,
        Func<ServerStatus>? status,
        ServerPolicy policy,
        SlotJournal? journal,
        byte[] scratch,
        Action wake,
        DateTimeOffset now)
    {
        _socket = socket;
        _tree = tree;
        _status = status;
        _session = new ServerSessionState(policy, now);
        _journal = new SessionJournal(journal, Record);
        _wire = new SessionWire(socket, _journal, scratch);
        _input = new InputBuffer(isLookedAt: journal is not null);
        _wake = wake;
        _began = now;
        if (journal is not null)
            GoOn(journal, policy, now);
    }

    private enum Turn { On, Blocked, Ended }

    private JournalSession? Record() => SessionRecord.IsBetween(_session) ? _between ??= SessionRecord.Of(_session, _uploadRecord, _nextToken) : SessionRecord.Of(_session, _uploadRecord);

    /// <inheritdoc/>
    public PollEvents Interest { get; private set; } = PollEvents.Readable;

    /// <inheritdoc/>
    public DateTimeOffset? Deadline => _working || _committing.Count > 0 ? null : _session.Deadline;

    /// <inheritdoc/>
    public ConnectionReport Report { get; private set; }

    /// <inheritdoc/>
    public ulong TakeProgress()
    {
        var progress = _progress;
        _progress = 0;
        return progress;
    }

    /// <inheritdoc/>
    public void BeginDrain() => _draining = true;

    private DriverTurn Go(DateTimeOffset now)
    {
        for (var (end, steps) = (_progress + TurnBytes, 0); _progress < end && steps < TurnSteps; steps++)
        {
            TakeCommitted();
            var turn = _fate is { } fate ? End(fate, 0, now)
                : _answer is { } answer ? Continue(answer, now)
                : _begun.Count > 0 || _interrupted is not null ? Repeat(now)
                : MustAwaitCommits ? AwaitCommits(now)
                : _isDeferred ? BeginDeferred(now)
                : _session.IsEnded ? Close(now)
                : Read(now);
            if (turn == Turn.Ended)
                return DriverTurn.Ended;
            IdleSince = turn == Turn.Blocked && IsIdle ? IdleSince ?? now : null;
            // Only when nothing is left to take: what has come in time counts, also where this process was late to look at it.
            if (turn == Turn.Blocked && !_working && _committing.Count == 0)
                _session = ServerSession.Tick(_session, now);
            if (turn == Turn.Blocked && !_session.IsEnded)
                return DriverTurn.Blocked;
        }
        return DriverTurn.Yielded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _answer?.Dispose();
        _upload?.Dispose();
        DisposeCommits();
        _wire.Dispose();
        _input.Dispose();
        _socket.Dispose();
    }

    private Turn Read(DateTimeOffset now)
    {
        if (_wire.IsFull)
        {
            _journal.Account(isBetween: true);
            if (Flush(now) is var full and not Turn.On)
                return full;
        }
        if (_draining && _session.IsIdle)
            return Leave(now);
        var step = ServerSession.Read(_session, _input.Unread, now);
        _session = step.State;
        _journal.Consumed += step.Consumed;
        switch (step.Action)
        {
            case ServerAction.NeedMore:
                _input.Consume(step.Consumed);
                // All that was used has had its effects; what is saved now has to say the same of the session and of the input.
                _journal.Account(isBetween: true);
                SayGo();
                Commit();
                var isLast = _wire.Output.Count > 0 && _input.LookForEnd(_socket);
                return Flush(now, isLast) is var flushed and not Turn.On ? flushed : Receive(now);
            case ServerAction.Hello:
                _wire.MaximumControl = _session.Peer.MaximumControl;
                Say(_session.Greeting!);
                break;
            case ServerAction.Request when _committing.Count > 0 && !ServedTree.IsSmall(_session.Request!):
                _isDeferred = true;
                break;
            case ServerAction.Request:
                Begin(_session.Request!, now);
                break;
            case ServerAction.Data:
                Store(_input.Unread.Slice(step.Consumed - step.DataLength, step.DataLength), now);
                break;
            case ServerAction.Fin when _upload is SmallUpload small:
                EndSmall(small, now);
                break;
            case ServerAction.Fin:
                // Whoever goes on has to know that the file may have its name already.
                SaveUpload();
                _journal.Save();
                BeginCommit();
                break;
            case ServerAction.GivenUp:
                DropUpload();
                Answer(new Message.Error(Failure.Of(ErrorCode.Interrupted, "the client gave the upload up")), now);
                break;
            case ServerAction.Ended:
                return Turn.On;
            default:
                break;
        }
        _input.Consume(step.Consumed);
        // What came behind it may have been sent later, by somebody who has seen a change since then.
        _hasWaited = false;
        return Turn.On;
    }

    private Turn Receive(DateTimeOffset now)
    {
        if (_input.IsAtEnd)
        {
            _session = ServerSession.EndOfStream(_session, _input.Count);
            return Turn.On;
        }
        // All that was used has had its effects: it is answered, stored, or of no matter. What is left is a part of an item.
        if (_input.WouldTake)
        {
            _journal.Account();
            _journal.Save(_input.Unread);
        }
        if (!_input.TakeUsed(_socket))
            return Lost(Errno.ConnectionReset, now);
        _parent.Forget();
        var isStream = _session.IsUploading || _committing.Count > 0;
        var landing = _journal.IsKept && !isStream ? _journal.PlaceToLand(_input.Unread) : default;
        var received = _input.Receive(_socket, isStream ? UploadPiece : RequestPiece, landing, isStream);
        if (received.WouldBlock)
        {
            Interest = PollEvents.Readable;
            return Turn.Blocked;
        }
        if (!received.IsOk)
            return Lost(received.Error, now);
        if (!landing.IsEmpty)
            _journal.Landed(received.Count);
        _progress += (ulong)received.Count;
        if (received.Count == 0)
            _session = ServerSession.EndOfStream(_session, _input.Count);
        return Turn.On;
    }

    private Turn Continue(IAnswer answer, DateTimeOffset now)
    {
        var before = _wire.Sent;
        var turn = answer.Advance(_wire);
        _progress += (ulong)(_wire.Sent - before);
        _working = turn == AnswerTurn.Working;
        switch (turn)
        {
            case AnswerTurn.Moved:
                _session = ServerSession.Moved(_session, now);
                return Turn.On;
            case AnswerTurn.Blocked:
                Interest = PollEvents.Writable;
                return Turn.Blocked;
            case AnswerTurn.Working:
                Interest = PollEvents.None;
                return Flush(now) is Turn.Ended ? Turn.Ended : Turn.Blocked;
            case AnswerTurn.Done when answer is UploadRestoration restored:
                _answer = null;
                using (restored)
                    Restored(restored, now);
                return Turn.On;
            case AnswerTurn.Done:
            case AnswerTurn.Refused:
                _fileBytes += answer is FileAnswer file ? file.Offset : 0;
                _journal.Close();
                EndAnswer();
                if (!_isRepeating)
                    _session = turn == AnswerTurn.Done ? ServerSession.Answered(_session, now) : ServerSession.Refused(_session, now);
                _isRepeating = false;
                return Turn.On;
            case AnswerTurn.PeerGone:
                return Lost(_wire.Error, now);
            default:
                Ending.Abruptly(_socket);
                return End(ConnectionEnd.FileChanged, 0, now);
        }
    }

    private Turn Flush(DateTimeOffset now, bool more = false)
    {
        var before = _wire.Sent;
        var flushed = _wire.Flush(more);
        _progress += (ulong)(_wire.Sent - before);
        if (_wire.Sent > before)
            _session = ServerSession.Moved(_session, now);
        if (flushed == AnswerTurn.PeerGone)
            return Lost(_wire.Error, now);
        if (flushed != AnswerTurn.Blocked)
            return Turn.On;
        Interest = PollEvents.Writable;
        return Turn.Blocked;
    }
}
