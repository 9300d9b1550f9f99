using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <content>
/// Small uploads that came ahead, one behind the other: while some wait for the disk the next ones are received, so that many are committed at once. Their answers keep
/// their order. Whatever else is asked waits until all of them are answered.
/// </content>
internal sealed partial class NativeDriver
{
    // More than the journal has room for, where there is one.
    private const int MostCommits = 256;

    internal static readonly Message.Go GoAhead = new(0, default, LongestTrain);

    private readonly Queue<(SmallUpload Upload, SessionWire.PromisedAnswer Answer, bool OwesGo)> _committing = new();
    private readonly List<SmallUpload> _toCommit = [];
    private readonly UploadParent _parent = new();
    private bool _owesGo;
    private bool _isDeferred;
    private bool _isStopping;

    private bool MustAwaitCommits =>
        _committing.Count > 0
        && (_isDeferred || _isStopping || _session.IsEnded || _committing.Count >= MostCommits || _journal.IsFull || _draining && _session.IsIdle);

    /// <returns>Whether it could be begun, or refused.</returns>
    private bool TryBeginSmall(Message.Put put, DateTimeOffset now)
    {
        var begun = _tree.BeginSmallUpload(put, _session.Algorithm, _parent);
        if (begun.Failure is { } failure)
        {
            Answer(new Message.Error(failure), now);
            return true;
        }
        if (begun.Value is not { } upload)
            return false;
        _upload = upload;
        _uploadRecord = new(upload.Token, upload.Stored, 0, default, default);
        _uploadSavedAt = 0;
        _owesGo = true;
        _session = ServerSession.Accepted(_session, GoAhead, now);
        return true;
    }

    /// <summary>An upload that has come to its end by then is answered with GO and the end at once; whoever waits for GO before he sends the rest is told it.</summary>
    private void SayGo()
    {
        if (_upload is not SmallUpload || !_owesGo)
            return;
        _owesGo = false;
        Say(GoAhead);
    }

    /// <summary>All of a small upload has come: its answer has its place, and the next request may be read.</summary>
    private void EndSmall(SmallUpload upload, DateTimeOffset now)
    {
        _upload = null;
        if (upload.End(_session.Fin!) is { } failure)
        {
            upload.Dispose();
            Answer(new Message.Error(failure), now);
            return;
        }
        var put = upload.Request;
        var answer = _wire.Promise(new JournalAnswer.Commit(put.Path, upload.Stored, put.Size!.Value, put.Algorithm ?? _session.Algorithm, upload.Digest, _owesGo));
        _session = ServerSession.Answered(_session, now);
        _committing.Enqueue((upload, answer, _owesGo));
        _toCommit.Add(upload);
    }

    /// <summary>Has those committed that have come up to now. Whoever goes on has to know that their files may have their names already.</summary>
    private void Commit()
    {
        if (_toCommit.Count == 0)
            return;
        _journal.Save();
        _tree.Commits.Add(_toCommit, _wake);
        _toCommit.Clear();
    }

    /// <summary>Gathers the answers that are known by now.</summary>
    private void TakeCommitted()
    {
        while (_committing.TryPeek(out var first) && first.Upload.Result is { } result)
        {
            _committing.Dequeue();
            if (result.Value is { } committed)
                _wire.Keep(first.Answer, first.OwesGo ? [GoAhead, committed] : [committed]);
            else
                _wire.Keep(first.Answer, new Message.Error(result.Failure!));
        }
    }

    private Turn AwaitCommits(DateTimeOffset now)
    {
        Commit();
        if (Flush(now) is var flushed and not Turn.On)
            return flushed;
        if (!MustAwaitCommits)
            return Turn.On;
        Interest = Linux.PollEvents.None;
        return Turn.Blocked;
    }

    private Turn BeginDeferred(DateTimeOffset now)
    {
        _isDeferred = false;
        Begin(_session.Request!, now);
        return Turn.On;
    }

    private void DisposeCommits()
    {
        // Their clients have said everything, and only cannot be told any more.
        if (_toCommit.Count > 0)
            _tree.Commits.Add(_toCommit, static () => { });
        _parent.Dispose();
    }
}
