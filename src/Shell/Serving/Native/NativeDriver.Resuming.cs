using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <content>How a connection changes its worker: what the one before has begun is brought to its end, then the session goes on.</content>
internal sealed partial class NativeDriver
{
    private readonly Queue<JournalAnswer> _begun = new();
    private JournalIntake.Upload? _interrupted;
    private long _begunAt;
    private bool _isRepeating;
    private ConnectionEnd? _fate;

    /// <inheritdoc/>
    public bool CanStop => _journal.IsKept;

    /// <inheritdoc/>
    public DateTimeOffset? IdleSince { get; private set; }

    /// <inheritdoc/>
    public DateTimeOffset? IdleUntil => _session.Deadline;

    private bool IsIdle => _session.IsWaiting && _answer is null && _committing.Count == 0 && _begun.Count == 0 && _interrupted is null && _input.Count == 0 && _wire.Output.Count == 0;

    // What this worker alone can bring to an end: a file that is getting its name, a listing, a connection that is being closed.
    /// <inheritdoc/>
    public bool TryStop()
    {
        TakeCommitted();
        // Whoever is asked to stop begins nothing more before what it has begun is done.
        if (_isStopping = _committing.Count > 0)
            return false;
        if (_working || _isDeferred || _session.IsEnded || _fate is not null || _answer is ListAnswer or CommitAnswer or UploadRestoration or CommitRestoration)
            return false;
        if (_upload is not null)
        {
            SaveUpload();
            _upload.LeaveAsItIs();
        }
        _journal.Account(_answer is null);
        if (_input.Count == 0)
            _journal.Rest();
        _journal.Save();
        // Nothing but what has not been used may wake who is idle.
        return IdleSince is null || _input.TakeUsed(_socket);
    }

    private void GoOn(SlotJournal journal, ServerPolicy policy, DateTimeOffset now)
    {
        if (journal.Read().Case is not JournalRecord record)
        {
            Break(ConnectionEnd.Faulted);
            return;
        }
        if (record.Sequence == 0)
            return;
        if (Libc.CountStream(_socket, out var counts, out var info) != Errno.None || info.State == TcpInfo.Closed)
        {
            _fate = ConnectionEnd.PeerGone;
            return;
        }
        // Who has ended the stream in order had said everything, and only could not report it any more.
        if (info.HasEndedSending)
        {
            _fate = ConnectionEnd.Completed;
            return;
        }
        if (Recovery.Judge(record.Entry, counts) is not RecoveryVerdict.Continue(var rest, var position, var discard, var landed))
        {
            Break(ConnectionEnd.Faulted);
            return;
        }
        _session = SessionRecord.Restore(rest.Session, policy, now);
        _nextToken = rest.Session?.NextToken ?? default;
        _wire.MaximumControl = _session.Peer.MaximumControl;
        _input.Restore(rest.Ahead.Span, discard);
        _input.Restore(_journal.Restore(rest, position, landed), discard);
        foreach (var answer in rest.Answers)
            _begun.Enqueue(answer);
        _begunAt = position;
        if (rest.Session?.Intake is JournalIntake.Upload upload)
        {
            _uploadRecord = new(upload.Token, upload.Stored, upload.Offset, upload.Stream, upload.Whole);
            _uploadSavedAt = upload.Received;
            _interrupted = upload;
        }
    }

    /// <summary>Ends the connection so that its client sees that something is missing.</summary>
    private void Break(ConnectionEnd end)
    {
        Ending.Abruptly(_socket);
        _fate = end;
    }

    /// <summary>Goes on with the next answer that was under way; behind the last one, with the upload.</summary>
    private Turn Repeat(DateTimeOffset now)
    {
        if (_begun.Count == 0)
        {
            _answer = new UploadRestoration(_tree, _interrupted!, _session.Algorithm, _wake);
            _interrupted = null;
            return Turn.On;
        }
        // What an error may take the place of has to be the first that is under way.
        if (Flush(now) is var flushed and not Turn.On)
            return flushed;
        var answer = _begun.Dequeue();
        if (answer is JournalAnswer.Commit commit)
        {
            _answer = new CommitRestoration(_tree, commit, _wake);
            _isRepeating = true;
            return Turn.On;
        }
        var position = _begunAt;
        _begunAt = 0;
        var file = answer is JournalAnswer.File { Path: var path } ? _tree.OpenFile(path, default).Value : null;
        switch (Recovery.Judge(answer, position, file?.Identity ?? default))
        {
            case AnswerVerdict.GoOn when answer is JournalAnswer.File record && file is not null:
                _answer = FileAnswer.Resume(file, record, position, _wake);
                _isRepeating = true;
                break;
            case AnswerVerdict.GoOn when answer is JournalAnswer.Literal(var bytes):
                _wire.Output.Write(bytes.Span[(int)position..]);
                break;
            case AnswerVerdict.SayError:
                file?.Dispose();
                _wire.SayInstead(answer is JournalAnswer.File
                    ? new(ErrorCode.Changed, "the file changed while it was sent", IsRetryable: true, RetryAfter: null)
                    : Failure.Of(ErrorCode.Interrupted, "whether this was done is not known"));
                break;
            default:
                file?.Dispose();
                Break(ConnectionEnd.FileChanged);
                break;
        }
        return Turn.On;
    }

    /// <summary>What there is of an upload that another worker has begun is known now.</summary>
    private void Restored(UploadRestoration restored, DateTimeOffset now)
    {
        switch (Recovery.Judge(restored.Upload, restored.Found))
        {
            case UploadVerdict.GoOn when restored.TakeUpload() is { } upload:
                _upload = upload;
                if (_session.Fin is not null)
                    BeginCommit();
                break;
            case UploadVerdict.SayCommitted when restored.Committed is { } committed:
                Answer(committed, now);
                break;
            default:
                Answer(new Message.Error(restored.Failure ?? Failure.Of(ErrorCode.Interrupted, "what came of the upload is lost, send it again")), now);
                break;
        }
    }
}
