using LanguageExt;
using Trainyard.Core.Protocol;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>A client over <see cref="ClientSession"/>, as an interpreter of the machine is written, one item a turn.</summary>
internal sealed class ModelClient
{
    internal const string Damaged = "damaged";

    private readonly SessionScript _script;
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;
    private readonly ByteQueue _input;
    private readonly ByteQueue _output = new(int.MaxValue);
    private readonly List<byte> _download = [];
    private readonly List<Entry> _entries = [];
    private Message.Meta? _meta;
    private int _from;
    private int _sent;
    private int _trainSize;
    private bool _isRefused;

    internal ModelClient(SessionScript script, Pipe incoming, Pipe outgoing)
    {
        (_script, _incoming, _outgoing) = (script, incoming, outgoing);
        _input = new(4 + script.Client.MaximumControl);
        State = new(script.Client);
        _output.Append(Wire.Train(new Message.ClientHello(2, 2, script.Client, new Arr<HashAlgorithm>(script.Hashes), default), SessionLimits.LeastControl));
    }

    internal ClientSessionState State { get; private set; }

    /// <summary>How each request was answered, as far as an answer came.</summary>
    internal List<string> Outcomes { get; } = [];

    /// <summary>How many requests were sent.</summary>
    internal int Asked { get; private set; }

    internal SortedSet<ClientAction> Seen { get; } = [];

    private SessionTask Upload => _script.Tasks[Asked - 1];

    /// <summary>Moves at most so many bytes in and out, sends and finds one item. Says whether anything changed.</summary>
    internal bool Turn(int most)
    {
        var moved = State.IsEnded ? _incoming.Drop() > 0 : _incoming.Read(_input, most) > 0;
        moved |= !State.IsEnded && _output.Length == 0 && Produce();
        moved |= !State.IsEnded && Work();
        moved |= _outgoing.Write(_output, most) > 0;
        Assert.True(State.Hello is null || State.OutstandingCount <= State.Hello.Limits.Pipelined);
        Assert.Equal(State.OutstandingCount, State.Outstanding.Count);
        if (State.IsEnded || IsDone)
            _outgoing.Close();
        return moved;
    }

    private bool IsDone => Asked == _script.Tasks.Length && State is { OutstandingCount: 0, IsUploading: false, Hello: not null } && _output.Length == 0;

    private bool Produce()
    {
        if (State.MaySend)
            SendUpload();
        else if (State.MayAsk && Asked < _script.Tasks.Length && State.OutstandingCount < _script.Ahead)
            Ask(_script.Tasks[Asked++].Request);
        return _output.Length > 0;
    }

    private void Ask(Message request)
    {
        State = ClientSession.Asked(State, request);
        Send(request);
        (_from, _sent, _trainSize, _isRefused) = (0, 0, Math.Min(_script.TrainSize, State.Hello!.Limits.MaximumTrain), false);
    }

    private void SendUpload()
    {
        var content = Upload.Content.AsSpan(_from);
        if (_sent == Upload.GiveUpAt || (_isRefused && !Upload.EndsPolitely))
            EndUpload(new Message.Error(Failure.Of(ErrorCode.Interrupted, "no more")));
        else if (_sent == content.Length)
            EndUpload(new Message.Fin(_sent, Upload.WrongDigest ? Digest("another"u8) : Digest(content)));
        else
        {
            var count = Math.Min(Math.Min(_trainSize, content.Length - _sent), (Upload.GiveUpAt ?? int.MaxValue) is var end && end > _sent ? end - _sent : int.MaxValue);
            _output.Append(Wire.DataTrain(content.Slice(_sent, count)));
            _sent += count;
        }
    }

    private Opaque Digest(ReadOnlySpan<byte> bytes) => Wire.Digest(((Message.Put)Upload.Request).Algorithm ?? State.Hello!.Algorithm, bytes);

    private void EndUpload(Message end)
    {
        State = ClientSession.UploadEnded(State);
        Send(end);
    }

    private bool Work()
    {
        if (_script.MovesPast && State.ExpectedData > 0 && _input.Length > 0)
            return MovePast();
        var wasUploading = State.IsUploading && State.OutstandingCount == 1;
        var step = ClientSession.Read(State, _input.Span);
        Seen.Add(step.Action);
        Assert.InRange(step.Consumed, 0, _input.Length);
        Assert.InRange(step.DataLength, 0, step.Consumed);
        State = step.State;
        _download.AddRange(_input.Span.Slice(step.Consumed - step.DataLength, step.DataLength));
        _input.Consume(step.Consumed);
        _isRefused |= wasUploading && step.Action == ClientAction.Refused;
        Take(step);
        if (step.Action != ClientAction.NeedMore || step.Consumed > 0)
            return true;
        Assert.True(_input.Free > 0, "a full buffer is not enough");
        if (!_incoming.IsAtEnd)
            return false;
        State = ClientSession.EndOfStream(State, _input.Length);
        return true;
    }

    private bool MovePast()
    {
        var count = (int)Math.Min(State.ExpectedData, _input.Length);
        _download.AddRange(_input.Span[..count]);
        _input.Consume(count);
        State = ClientSession.Moved(State, count);
        return true;
    }

    private void Take(in ClientStep step)
    {
        switch (step.Action)
        {
            case ClientAction.Meta:
                _meta = (Message.Meta)step.Message!;
                break;
            case ClientAction.Fin:
                var (state, error) = ClientSession.Verify(State, Wire.Digest(_meta!.Algorithm, [.. _download]));
                State = state;
                Answered(error is null ? Wire.Text(_meta, [.. _download]) : Damaged);
                break;
            case ClientAction.Part when step.Message is Message.Entries(var batch):
                _entries.AddRange(batch);
                break;
            case ClientAction.Part when step is { Message: Message.Go go, Request: Message.Put { Eager: false } }:
                (_from, _trainSize) = ((int)go.Offset, go.TrainSize);
                break;
            case ClientAction.Answer when step.Message is Message.Fin:
                Answered(Wire.Text(_entries));
                break;
            case ClientAction.Answer when step is { Message: Message.Committed committed, Request: Message.Put put }:
                var digest = Wire.Digest(put.Algorithm ?? State.Hello!.Algorithm, _script.Tasks[Outcomes.Count].Content);
                Answered(committed.Digest == digest ? Wire.Text(committed) : "stored is something else");
                break;
            case ClientAction.Answer or ClientAction.Refused:
                Answered(Wire.Text(step.Message!));
                break;
        }
    }

    private void Answered(string outcome)
    {
        Outcomes.Add(outcome);
        _download.Clear();
        _entries.Clear();
    }

    private void Send(Message message) =>
        _output.Append(Wire.Train(message, message is Message.ClientHello ? SessionLimits.LeastControl : State.Hello!.Limits.MaximumControl));
}
