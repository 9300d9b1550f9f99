using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <content>What each request begins.</content>
internal sealed partial class NativeDriver
{
    private void Begin(Message request, DateTimeOffset now)
    {
        switch (request)
        {
            case Message.Get get:
                Begin(FileAnswer.Open(_tree, get, _session.Algorithm, Math.Min(LongestTrain, _session.Peer.MaximumTrain)), now);
                break;
            case Message.Put put:
                BeginUpload(put, now);
                break;
            case Message.List list:
                var listing = _tree.List(list.Path, list.Recursive, list.After);
                Begin(listing.Value is { } found ? new(new ListAnswer(found)) : new StoreResult<ListAnswer>(listing.Failure!), now);
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
                Answer(ChangeAnswer.Of(_tree, request), now);
                break;
        }
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
        var begun = _tree.BeginUpload(put, _session.Algorithm);
        if (begun.Value is not { } upload)
        {
            Answer(new Message.Error(begun.Failure!), now);
            return;
        }
        var go = new Message.Go(upload.Offset, upload.Token, LongestTrain);
        _upload = upload;
        Say(go);
        _session = ServerSession.Accepted(_session, go, now);
    }

    private void Store(ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        _fileBytes += bytes.Length;
        if (_upload!.Write(bytes) is not { } failure)
            return;
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
