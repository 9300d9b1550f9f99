using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <content>What each request begins.</content>
internal sealed partial class NativeDriver
{
    // After so many bytes what the digest has come to is journalled: whoever goes on reads no more than that again.
    private const long UploadSavedEvery = 16 * 1024 * 1024;

    private void Begin(Message request, DateTimeOffset now)
    {
        switch (request)
        {
            case Message.Get get:
                var trainSize = Math.Min(LongestTrain, _session.Peer.MaximumTrain);
                if (SmallFile.TryGather(_tree, get, _session.Algorithm, trainSize, _hasWaited, _wire) is { } sent)
                {
                    _fileBytes += sent;
                    _session = ServerSession.Answered(_session, now);
                    break;
                }
                var opened = FileAnswer.Open(_tree, get, _session.Algorithm, trainSize, _wake);
                if (opened.Value is { } file)
                    _journal.Begin(file.Record, file.Length);
                Begin(opened, now);
                break;
            case Message.Put put:
                BeginUpload(put, now);
                break;
            case Message.List list:
                var listing = _tree.List(list.Path, list.Recursive, list.After);
                // What the directory holds a moment later may be something else: only who has begun a listing can end it.
                if (listing.Value is not null)
                    _journal.BeginOpen(new JournalAnswer.Unrepeatable(JournalObstacle.Answer));
                Begin(listing.Value is { } found ? new(new ListAnswer(found, _session.Peer.MaximumControl, _wake)) : new StoreResult<ListAnswer>(listing.Failure!), now);
                break;
            case Message.Hash hash:
                Begin(HashAnswer.Open(_tree, hash, _session.Algorithm, _session.Peer.MaximumControl), now);
                break;
            case Message.Stat stat:
                var entry = _tree.Stat(stat.Path);
                Answer(entry.Value is { } described ? new Message.StatAnswer(described) : new Message.Error(entry.Failure!), now);
                break;
            case Message.Ping ping:
                Answer(new Message.PingAnswer(ping.Payload), now);
                break;
            case Message.Status when _status is not null:
                Answer(new Message.StatusAnswer(_status()), now);
                break;
            default:
                Change(request, now);
                break;
        }
    }

    /// <summary>Whoever goes on must not do again what may have been done.</summary>
    private void Change(Message request, DateTimeOffset now)
    {
        _journal.BeginOpen(new JournalAnswer.Unrepeatable(JournalObstacle.Answer));
        _journal.Save();
        var answer = ChangeAnswer.Of(_tree, request);
        _journal.WithdrawLast();
        Answer(answer, now);
    }

    private void Begin<T>(StoreResult<T> answer, DateTimeOffset now) where T : class, IAnswer
    {
        if (answer.Value is { } begun)
            _answer = begun;
        else
            Answer(new Message.Error(answer.Failure!), now);
    }

    private void BeginUpload(Message.Put put, DateTimeOffset now)
    {
        if (ServedTree.IsSmall(put) && TryBeginSmall(put, now))
            return;
        var begun = _tree.BeginUpload(put, _session.Algorithm, AnnounceToken());
        (_nextToken, _between) = (default, null);
        if (begun.Value is not { } upload)
        {
            Answer(new Message.Error(begun.Failure!), now);
            return;
        }
        var go = new Message.Go(upload.Offset, upload.Token, LongestTrain);
        _upload = upload;
        _uploadRecord = new(upload.Token, upload.Stored, upload.Offset, default, default);
        _uploadSavedAt = 0;
        Say(go);
        _session = ServerSession.Accepted(_session, go, now);
    }

    /// <summary>By which the file of an upload will be found: whoever is to make that file again has to know it before it is there.</summary>
    private Opaque AnnounceToken()
    {
        if (!_nextToken.IsEmpty)
            return _nextToken;
        (_nextToken, _between) = (ServedTree.NewToken(), null);
        _journal.SessionChanged();
        _journal.Save();
        return _nextToken;
    }

    private void BeginCommit()
    {
        _answer = new CommitAnswer((Upload)_upload!, _session.Fin!, _wake);
        _upload = null;
    }

    private void SaveUpload()
    {
        _uploadSavedAt = _session.Received;
        (var stream, var whole) = _upload!.Save();
        _uploadRecord = _uploadRecord with { Stream = stream, Whole = whole };
        _journal.Account();
    }

    private void Store(ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        _fileBytes += bytes.Length;
        if (_upload!.Write(bytes) is not { } failure)
        {
            if (_journal.IsKept && _session.Received - _uploadSavedAt >= UploadSavedEvery)
                SaveUpload();
            return;
        }
        _upload.Dispose();
        _upload = null;
        Answer(new Message.Error(failure), now);
    }

    private void Answer(Message message, DateTimeOffset now)
    {
        if (message is Message.Error(var failure))
        {
            _wire.Say(failure);
            _session = ServerSession.Refused(_session, now);
            return;
        }
        Say(message);
        _session = ServerSession.Answered(_session, now);
    }

    private void Say(Message message)
    {
        if (_wire.Say(message) is { } error)
            throw new InvalidOperationException($"a {MessageCodec.KindOf(message)} that cannot be sent: {error}");
    }
}
