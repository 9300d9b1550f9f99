using LanguageExt;
using Trainyard.Core.Protocol;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>A server over <see cref="ServerSession"/> and <see cref="ModelTree"/>, as an interpreter of the machine is written, one item a turn.</summary>
internal sealed class ModelServer
{
    private readonly SessionScript _script;
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;
    private readonly ByteQueue _input;
    private readonly ByteQueue _output = new(int.MaxValue);
    private readonly List<byte> _upload = [];
    private int _offset;
    private int? _refuseAt;
    private bool? _isWell;

    internal ModelServer(SessionScript script, Pipe incoming, Pipe outgoing, DateTimeOffset now)
    {
        (_script, _incoming, _outgoing) = (script, incoming, outgoing);
        _input = new(4 + script.Server.MaximumControl);
        var hashes = new Arr<HashAlgorithm>(Enum.GetValues<HashAlgorithm>());
        State = new(new(script.Server, hashes, SessionTimeouts.Default, new("s"u8)), now);
    }

    internal ServerSessionState State { get; set; }

    internal ModelTree Tree { get; } = new();

    /// <summary>What was asked, as it came.</summary>
    internal List<Message> Requests { get; } = [];

    /// <summary>How each request was answered.</summary>
    internal List<string> Outcomes { get; } = [];

    /// <summary>The files that were stored, by the number of their request.</summary>
    internal Dictionary<int, byte[]> Stored { get; } = [];

    internal SortedSet<ServerAction> Seen { get; } = [];

    /// <summary>Moves at most so many bytes in and out and finds one item. Says whether anything changed.</summary>
    internal bool Turn(int most, DateTimeOffset now)
    {
        var moved = State.IsEnded ? _incoming.Drop() > 0 : _incoming.Read(_input, most) > 0;
        moved |= Work(now);
        if (_outgoing.Write(_output, most) > 0)
        {
            State = ServerSession.Moved(State, now);
            moved = true;
        }
        if (State.IsEnded && _output.Length == 0)
            _outgoing.Close();
        return moved;
    }

    /// <summary>A wait is over.</summary>
    internal void Tick(DateTimeOffset now)
    {
        State = ServerSession.Tick(State, now);
        SayWhy();
    }

    private bool Work(DateTimeOffset now)
    {
        if (State.IsEnded)
            return false;
        if (_isWell is { } well && _output.Length == 0)
        {
            State = well ? ServerSession.Answered(State, now) : ServerSession.Refused(State, now);
            _isWell = null;
            return true;
        }
        if (_script.MovesPast && State.ExpectedData > 0 && _input.Length > 0)
            return MovePast(now);
        var step = ServerSession.Read(State, _input.Span, now);
        Seen.Add(step.Action);
        Assert.InRange(step.Consumed, 0, _input.Length);
        Assert.InRange(step.DataLength, 0, step.Consumed);
        State = step.State;
        Take(step, _input.Span.Slice(step.Consumed - step.DataLength, step.DataLength), now);
        _input.Consume(step.Consumed);
        if (step.Action == ServerAction.NeedMore && step.Consumed == 0)
            return WaitForMore();
        return step.Action != ServerAction.Busy;
    }

    private bool WaitForMore()
    {
        Assert.True(_input.Free > 0, "a full buffer is not enough");
        if (!_incoming.IsAtEnd)
            return false;
        State = ServerSession.EndOfStream(State, _input.Length);
        SayWhy();
        return true;
    }

    private bool MovePast(DateTimeOffset now)
    {
        var count = Math.Min(State.ExpectedData, _input.Length);
        _upload.AddRange(_input.Span[..count]);
        _input.Consume(count);
        State = ServerSession.Received(State, count, now);
        RefuseMidway(now);
        return true;
    }

    private void Take(in ServerStep step, ReadOnlySpan<byte> data, DateTimeOffset now)
    {
        switch (step.Action)
        {
            case ServerAction.Hello:
                Send(step.State.Greeting!, SessionLimits.LeastControl);
                break;
            case ServerAction.Request:
                Serve(step.State.Request!, now);
                break;
            case ServerAction.Data:
                _upload.AddRange(data);
                RefuseMidway(now);
                break;
            case ServerAction.Fin:
                Commit((Message.Put)step.State.Request!, step.State.Fin!);
                break;
            case ServerAction.GivenUp:
                Refuse(Failure.Of(ErrorCode.Interrupted));
                break;
            case ServerAction.Ended:
                SayWhy();
                break;
        }
    }

    private void Serve(Message request, DateTimeOffset now)
    {
        var number = Requests.Count;
        Requests.Add(request);
        var task = number < _script.Tasks.Length ? _script.Tasks[number] : new(request, []);
        _refuseAt = task.RefuseAt;
        if (Tree.Refusal(request) is { } failure)
            Refuse(failure);
        else if (_refuseAt is { } at && (at < 0 || request is not (Message.Put or Message.Get)))
            Refuse(Whim);
        else if (request is Message.Put put)
            Accept(put, task, now);
        else if (request is Message.Get get)
            SendFile(get);
        else if (request is Message.List list)
            SendList(list);
        else
            Answer(Tree.Do(request, State.Algorithm));
    }

    internal static Failure Whim { get; } = Failure.Of(ErrorCode.NoSpace, "full");

    private void Accept(Message.Put put, SessionTask task, DateTimeOffset now)
    {
        _offset = put.ResumeToken.IsEmpty ? 0 : task.Stored;
        _upload.Clear();
        _upload.AddRange(task.Content.AsSpan(0, _offset));
        var go = new Message.Go(_offset, put.ResumeToken, Math.Min(_script.TrainSize, _script.Server.MaximumTrain));
        Send(go, State.Peer.MaximumControl);
        State = ServerSession.Accepted(State, go, now);
        RefuseMidway(now);
    }

    private void RefuseMidway(DateTimeOffset now)
    {
        if (State.Request is null || State.Received < (_refuseAt ?? int.MaxValue))
            return;
        _refuseAt = null;
        Outcomes.Add(Wire.Text(new Message.Error(Whim)));
        Send(new Message.Error(Whim), State.Peer.MaximumControl);
        State = ServerSession.Refused(State, now);
    }

    private void Commit(Message.Put put, Message.Fin fin)
    {
        byte[] content = [.. _upload];
        var algorithm = put.Algorithm ?? State.Algorithm;
        if (fin.Digest != Wire.Digest(algorithm, content.AsSpan(_offset)))
        {
            Refuse(Failure.Of(ErrorCode.Integrity));
            return;
        }
        Tree.Store(put, content);
        Stored.Add(Requests.Count - 1, content);
        Answer(new Message.Committed(Wire.Identity(content), Wire.Digest(algorithm, content)));
    }

    private void SendFile(Message.Get get)
    {
        var algorithm = get.Algorithm ?? State.Algorithm;
        var meta = Tree.Describe(get.Path, Math.Min(_script.TrainSize, State.Peer.MaximumTrain), algorithm);
        var content = Tree.Content(get.Path, get.Range);
        Send(meta, State.Peer.MaximumControl);
        var trains = 0;
        foreach (var part in content.Chunk(meta.TrainSize))
        {
            if (trains++ == _refuseAt)
                break;
            _output.Append(Wire.DataTrain(part));
        }
        if (_refuseAt is not null)
        {
            Refuse(Whim);
            return;
        }
        Send(new Message.Fin(content.Length, Wire.Digest(algorithm, content)), State.Peer.MaximumControl);
        Finish(Wire.Text(meta, content), true);
    }

    private void SendList(Message.List list)
    {
        var entries = Tree.List(list);
        foreach (var batch in entries.Chunk(2))
            Send(new Message.Entries(new Arr<Entry>(batch)), State.Peer.MaximumControl);
        Send(new Message.Fin(entries.Length, default), State.Peer.MaximumControl);
        Finish(Wire.Text(entries), true);
    }

    private void Answer(Message answer)
    {
        Send(answer, State.Peer.MaximumControl);
        Finish(Wire.Text(answer), true);
    }

    private void Refuse(Failure failure)
    {
        _refuseAt = null;
        Send(new Message.Error(failure), State.Peer.MaximumControl);
        Finish(Wire.Text(new Message.Error(failure)), false);
    }

    private void Finish(string outcome, bool well)
    {
        Outcomes.Add(outcome);
        _isWell = well;
    }

    private void SayWhy()
    {
        if (State.Error?.ToFailure() is { } failure)
            Send(new Message.Error(failure), State.Peer.MaximumControl);
    }

    private void Send(Message message, int limit) => _output.Append(Wire.Train(message, limit));
}
