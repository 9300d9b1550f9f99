using LanguageExt;
using Trainyard.Core.Protocol;

namespace Trainyard.Integration.Client;

/// <summary>One session of the fake server.</summary>
internal sealed class FakeSession(FakeServer server, FakeWire wire)
{
    private static readonly ServerPolicy Policy = new(
        SessionLimits.Default,
        new Arr<HashAlgorithm>([HashAlgorithm.Xxh128, HashAlgorithm.Sha256]),
        SessionTimeouts.Default,
        default);

    private readonly byte[] _buffer = new byte[512 * 1024];
    private ServerSessionState _state = new(Policy, DateTimeOffset.UtcNow);
    private readonly List<byte> _upload = [];
    private string _token = "";
    private int _start;
    private int _end;

    public async Task RunAsync()
    {
        while (true)
        {
            var step = ServerSession.Read(_state, _buffer.AsSpan(_start, _end - _start), DateTimeOffset.UtcNow);
            _state = step.State;
            _start += step.Consumed;
            switch (step.Action)
            {
                case ServerAction.Hello:
                    await SendAsync(_state.Greeting!);
                    break;
                case ServerAction.Request:
                    await AnswerAsync(_state.Request!);
                    break;
                case ServerAction.Data:
                    _upload.AddRange(_buffer.AsSpan(_start - step.DataLength, step.DataLength));
                    lock (server.Files)
                        server.Partials[_token] = [.. _upload];
                    break;
                case ServerAction.Fin:
                    await CommitAsync((Message.Put)_state.Request!, _state.Fin!);
                    break;
                case ServerAction.NeedMore:
                    _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                    (_start, _end) = (0, _end - _start);
                    if (await wire.ReceiveAsync(_buffer.AsMemory(_end)) is not (> 0 and var count))
                        return;
                    _end += count;
                    break;
                case ServerAction.Ended:
                    if (_state.Error?.ToFailure() is { } failure)
                        await SendAsync(new Message.Error(failure));
                    return;
            }
        }
    }

    private async Task AnswerAsync(Message request)
    {
        lock (server.Files)
            server.Requests.Add(request);
        server.Before(request);
        if (server.Refuse(request) is { } failure)
        {
            await RefuseAsync(failure);
            return;
        }
        switch (request)
        {
            case Message.Get get:
                await SendFileAsync(get);
                break;
            case Message.Put put:
                await AcceptAsync(put);
                break;
            case Message.List list:
                await ListAsync(list);
                break;
            case Message.Stat { Path: null }:
                await DoneAsync(new Message.StatAnswer(new(null, EntryKind.Directory, 0, 0, 0x1ED, default, default)));
                break;
            case Message.Stat stat:
                await AnswerFileAsync(stat.Path!, stored => new Message.StatAnswer(stored.Entry(FakeServer.NameOf(stat.Path!))));
                break;
            case Message.Hash hash:
                await AnswerFileAsync(hash.Path, stored => Hash(hash, stored));
                break;
            case Message.Ping ping:
                await DoneAsync(new Message.PingAnswer(ping.Payload));
                break;
            case Message.Status:
                await DoneAsync(new Message.StatusAnswer(new(2, 1, 0, 60, false)));
                break;
            case Message.MakeDirectory directory:
                await KeepAsync(directory.Path, new([], 0, directory.Mode ?? 0x1ED, default, EntryKind.Directory), request);
                break;
            case Message.MakeLink link:
                await KeepAsync(link.Path, new([], link.Modified ?? 0, 0x1FF, default, EntryKind.Link, link.Target), request);
                break;
            case Message.SetAttributes change:
                if (change.Path is { } path)
                    lock (server.Files)
                        server.Files[FakeServer.NameOf(path)] = server.Files[FakeServer.NameOf(path)] with { Modified = change.Modified ?? 0, Mode = change.Mode ?? 0 };
                await DoneAsync(new Message.DoneAnswer(MessageCodec.KindOf(request)));
                break;
            case Message.Remove remove:
                lock (server.Files)
                    server.Files.Remove(FakeServer.NameOf(remove.Path));
                await DoneAsync(new Message.DoneAnswer(MessageCodec.KindOf(request)));
                break;
        }
    }

    private async Task SendFileAsync(Message.Get get)
    {
        if (Find(get.Path) is not { } stored)
        {
            await RefuseAsync(Failure.Of(ErrorCode.NotFound));
            return;
        }
        if (!get.IfIdentity.IsEmpty && get.IfIdentity != stored.Identity)
        {
            await RefuseAsync(Failure.Of(ErrorCode.Changed));
            return;
        }
        var meta = new Message.Meta(
            stored.Content.Length, stored.Modified, stored.Mode, stored.Identity, server.TrainSize, get.Algorithm ?? _state.Algorithm);
        var range = stored.Content.AsMemory((int)get.Range.Offset, (int)get.Range.CoveredOf(stored.Content.Length));
        await SendAsync(meta);
        for (var rest = range; !rest.IsEmpty; rest = rest[Math.Min(server.TrainSize, rest.Length)..])
        {
            var train = rest[..Math.Min(server.TrainSize, rest.Length)];
            await wire.SendAsync(BitConverter.GetBytes(train.Length));
            await wire.SendAsync(train);
        }
        await DoneAsync(new Message.Fin(range.Length, new(FakeServer.Digest(meta.Algorithm, range.Span))));
    }

    private async Task AcceptAsync(Message.Put put)
    {
        if (put.NoClobber && Find(put.Path) is not null)
        {
            await RefuseAsync(Failure.Of(ErrorCode.Exists));
            return;
        }
        _upload.Clear();
        _token = put.ResumeToken.IsEmpty ? $"{server.Partials.Count}" : System.Text.Encoding.ASCII.GetString(put.ResumeToken.Span);
        lock (server.Files)
            if (server.Partials.TryGetValue(_token, out var before))
                _upload.AddRange(before);
        var go = new Message.Go(_upload.Count, new(System.Text.Encoding.ASCII.GetBytes(_token)), server.TrainSize);
        await SendAsync(go);
        _state = ServerSession.Accepted(_state, go, DateTimeOffset.UtcNow);
    }

    private async Task CommitAsync(Message.Put put, Message.Fin fin)
    {
        var content = _upload.ToArray();
        var algorithm = put.Algorithm ?? _state.Algorithm;
        if (!fin.Digest.Span.SequenceEqual(FakeServer.Digest(algorithm, content.AsSpan()[(int)(content.Length - fin.Total)..])))
        {
            await RefuseAsync(Failure.Of(ErrorCode.Integrity));
            return;
        }
        FakeServer.Stored stored;
        lock (server.Files)
        {
            server.Partials.Remove(_token);
            stored = server.Add(FakeServer.NameOf(put.Path), content);
            server.Files[FakeServer.NameOf(put.Path)] = stored with { Mode = put.Mode ?? 0x1A4, Modified = put.Modified ?? 0 };
        }
        await DoneAsync(new Message.Committed(stored.Identity, new(FakeServer.Digest(algorithm, content))));
    }

    private async Task ListAsync(Message.List list)
    {
        Entry[] entries;
        var prefix = list.Path is null ? "" : FakeServer.NameOf(list.Path) + "/";
        lock (server.Files)
            entries = [.. server.Files.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)
                && (list.After is null || string.CompareOrdinal(pair.Key, FakeServer.NameOf(list.After)) > 0)).Select(pair => pair.Value.Entry(pair.Key))];
        foreach (var batch in entries.Chunk(3))
            await SendAsync(new Message.Entries(new Arr<Entry>(batch)));
        await DoneAsync(new Message.Fin(entries.Length, default));
    }

    private Message.HashAnswer Hash(Message.Hash hash, FakeServer.Stored stored)
    {
        var range = stored.Content.AsSpan((int)hash.Range.Offset, (int)hash.Range.CoveredOf(stored.Content.Length));
        var algorithm = hash.Algorithm ?? _state.Algorithm;
        var blocks = new List<byte>();
        for (var at = 0; hash.BlockSize > 0 && at < range.Length; at += hash.BlockSize)
            blocks.AddRange(FakeServer.Digest(algorithm, range.Slice(at, Math.Min(hash.BlockSize, range.Length - at))));
        return new(stored.Content.Length, stored.Identity, algorithm, new(FakeServer.Digest(algorithm, range)), new([.. blocks]));
    }

    private async Task KeepAsync(RemotePath path, FakeServer.Stored stored, Message request)
    {
        lock (server.Files)
            server.Files[FakeServer.NameOf(path)] = stored;
        await DoneAsync(new Message.DoneAnswer(MessageCodec.KindOf(request)));
    }

    private async Task AnswerFileAsync(RemotePath path, Func<FakeServer.Stored, Message> answer)
    {
        if (Find(path) is { } stored)
            await DoneAsync(answer(stored));
        else
            await RefuseAsync(Failure.Of(ErrorCode.NotFound));
    }

    private FakeServer.Stored? Find(RemotePath path)
    {
        lock (server.Files)
            return server.Files.GetValueOrDefault(FakeServer.NameOf(path));
    }

    private async Task DoneAsync(Message message)
    {
        await SendAsync(message);
        _state = ServerSession.Answered(_state, DateTimeOffset.UtcNow);
    }

    private async Task RefuseAsync(Failure failure)
    {
        await SendAsync(new Message.Error(failure));
        _state = ServerSession.Refused(_state, DateTimeOffset.UtcNow);
    }

    private Task SendAsync(Message message) =>
        wire.SendAsync(MessageCodec.Encode(message, SessionLimits.MostControl).IfLeft(() => throw new InvalidOperationException($"{message}")));
}
