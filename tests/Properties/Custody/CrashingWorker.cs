using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;

namespace Trainyard.Properties.Custody;

/// <summary>A worker that keeps to the rules of <see cref="Recovery"/> and may die at any step. Its fields die with it; the world's do not.</summary>
internal sealed class CrashingWorker(CrashWorld world, Fuse fuse)
{
    // A life needs a few thousand at most.
    private const int MostTurns = 1_000_000;

    private static readonly byte[] ErrorTrain = [2, 0, 0, 2, 0xee, 0xee];

    private static readonly JournalSession Session = new(SessionLimits.Default, HashAlgorithm.Xxh128, new JournalIntake.Requests());

    private readonly List<byte> _output = [];
    private readonly List<byte> _ahead = [];
    private long? _landing;
    private int _landed;
    private readonly List<JournalAnswer> _answers = [];

    // The number of the first answer that waits for a commit, or is one, and of what is gathered behind it.
    private readonly Queue<(int Index, byte[]? Bytes)> _promised = [];
    private ulong _sequence;
    private long _written;
    private int _accounted;
    private int _next;
    private int _turn;
    private bool _isJournalled = true;

    private ModelRequest[] Requests => world.Scenario.Requests;

    internal void Live()
    {
        if (!TakeOver())
            return;
        while (!fuse.IsBurnt && !(world.IsDone && _output.Count == 0 && _promised.Count == 0))
        {
            if (_turn > MostTurns)
                throw new InvalidOperationException($"nothing moves any more: {world.Wire.Count} bytes queued, {world.Taken} taken");
            Turn();
        }
    }

    private void Turn()
    {
        switch (Choose(6))
        {
            case 0 when _accounted < world.Incoming.Length:
                Read(1 + Choose(world.Incoming.Length - _accounted));
                break;
            case 1 or 2 when _next < Requests.Length && _ahead.Count >= Requests[_next].Bytes:
                Answer();
                break;
            case 3 when _output.Count > 0:
                if (_isJournalled || Save())
                    Send(1 + Choose(_output.Count));
                break;
            case 5 when _promised.Count > 0:
                Commit();
                break;
            case 4 when _output.Count == 0 && _answers.Count > 0 && _promised.Count == 0:
                _answers.Clear();
                _written = world.Wire.Count;
                Save();
                break;
            default:
                break;
        }
    }

    /// <summary>Goes on with what the journal and the kernel say.</summary>
    private bool TakeOver()
    {
        var record = world.Journal.Newest;
        _sequence = record.Sequence;
        switch (Recovery.Judge(record.Entry, new(world.Wire.Count, world.Taken)))
        {
            case RecoveryVerdict.Continue(var rest, var position, var discard, var landed):
                Adopt(rest, landed);
                if (!Resume(position) || ((!_isJournalled || Choose(2) == 0) && !Save()))
                    return false;
                while (discard-- > 0 && fuse.Burn())
                    world.Taken++;
                return !fuse.IsBurnt;
            case RecoveryVerdict.Fail(RecoveryError.InputLost) when world.Scenario.TakesFirst:
                world.Ended = "input lost";
                return false;
            case var other:
                throw new InvalidOperationException($"{other}");
        }
    }

    private void Adopt(JournalEntry rest, int landed)
    {
        _written = rest.Written;
        _accounted = (int)rest.Taken + landed;
        _answers.AddRange(rest.Answers);
        _ahead.AddRange(rest.Ahead.Span);
        (_landing, _landed) = (rest.Landing, landed);
        if (landed > 0)
            _ahead.AddRange(world.Journal.Landing.Slice((int)(rest.Taken - rest.Landing!.Value), landed));
        for (var used = 0; used < _accounted - _ahead.Count; _next++)
            used += Requests[_next].Bytes;
    }

    private bool Resume(long position)
    {
        for (var i = 0; i < _answers.Count; i++, position = 0)
        {
            var index = _next - _answers.Count + i;
            switch (Recovery.Judge(_answers[i], position, Found(_answers[i], index)))
            {
                case AnswerVerdict.GoOn:
                    _output.AddRange(Requests[index].Rest(_answers[i], position, world.VersionOf(index)));
                    break;
                case AnswerVerdict.SayCommitted:
                    _answers[i] = new JournalAnswer.Literal(new(ModelRequest.Changed(index)));
                    world.Promise(index, ModelRequest.Changed(index));
                    _output.AddRange(ModelRequest.Changed(index));
                    _isJournalled = false;
                    break;
                case AnswerVerdict.SayError:
                    if (world.Changes[index] > 0 && Requests[index].IsCommit)
                        throw new InvalidOperationException($"commit {index} was made, and its client is to send it again");
                    world.PromiseError(index, position, ErrorTrain);
                    _written += i == 0 ? position : 0;
                    _answers[i] = new JournalAnswer.Literal(new(ErrorTrain));
                    _output.AddRange(ErrorTrain);
                    _isJournalled = false;
                    break;
                default:
                    if (index != world.Scenario.Touched)
                        throw new InvalidOperationException($"the file of request {index} has not changed");
                    world.Ended = "file changed";
                    return false;
            }
        }
        return true;
    }

    private Opaque Found(JournalAnswer answer, int index) =>
        answer is not JournalAnswer.Commit ? ModelRequest.Identity(world.VersionOf(index)) : world.Changes[index] > 0 ? ModelRequest.Identity(index) : default;

    /// <summary>Any of those that wait for it gets its name; what is known from the first one on may leave.</summary>
    private void Commit()
    {
        var waiting = _promised.Where(static one => one.Bytes is null).ToArray();
        var index = waiting[Choose(waiting.Length)].Index;
        // The entry has to say that it may have the name before it does.
        if (!_isJournalled && !Save() || !fuse.Burn())
            return;
        world.Changes[index]++;
        var known = ModelRequest.Changed(index);
        world.Promise(index, known);
        _answers[_answers.Count - (_next - index)] = new JournalAnswer.Literal(new(known));
        _isJournalled = false;
        foreach (var (each, bytes) in _promised.ToArray())
        {
            _promised.Dequeue();
            _promised.Enqueue((each, each == index ? known : bytes));
        }
        while (_promised.TryPeek(out var first) && first.Bytes is { } leaves)
        {
            _promised.Dequeue();
            _output.AddRange(leaves);
        }
    }

    private void Read(int count)
    {
        if (world.Scenario.Input == CrashInput.Lands)
        {
            Land(count);
            return;
        }
        if (world.Scenario.TakesFirst)
            world.Taken += count = fuse.Take(count);
        _ahead.AddRange(world.Incoming.AsSpan(_accounted, count));
        _accounted += count;
        if (Save() && !world.Scenario.TakesFirst)
            world.Taken += fuse.Take(count);
    }

    /// <summary>Takes bytes into the slot. The kernel may have written more there than it counts, where it was disturbed.</summary>
    private void Land(int count)
    {
        if (_landing is not { } landing || world.Taken - landing + count > JournalSlot.LandingLength)
        {
            _landed = 0;
            _landing = world.Taken;
            Save();
            return;
        }
        var place = world.Journal.Landing[(int)(world.Taken - landing)..];
        place[..(count / 2)].Fill(0xEE);
        count = fuse.Take(count);
        var came = world.Incoming.AsSpan(_accounted, count);
        came.CopyTo(place);
        world.Taken += count;
        _ahead.AddRange(came);
        _accounted += count;
        _landed += count;
    }

    private void Answer()
    {
        var (index, request) = (_next, Requests[_next]);
        _ahead.RemoveRange(0, request.Bytes);
        _next++;
        if (request.IsCommit)
        {
            world.Promise(index, []);
            _answers.Add(ModelRequest.Commit(index));
            _promised.Enqueue((index, null));
            _isJournalled = false;
            return;
        }
        if (request.IsChange)
        {
            world.Promise(index, []);
            _answers.Add(new JournalAnswer.Unrepeatable(JournalObstacle.Answer));
            if (!Save() || !fuse.Burn())
                return;
            world.Changes[index]++;
            _answers.RemoveAt(_answers.Count - 1);
        }
        var answer = request.Answer(index, world.VersionOf(index));
        world.Promise(index, request.IsChange ? ModelRequest.Changed(index) : request.Reference(world.VersionOf(index)));
        _answers.Add(answer);
        if (_promised.Count > 0)
            _promised.Enqueue((index, request.Rest(answer, 0, world.VersionOf(index))));
        else
            _output.AddRange(request.Rest(answer, 0, world.VersionOf(index)));
        _isJournalled = false;
    }

    private void Send(int count)
    {
        count = fuse.Take(count);
        world.Wire.AddRange(_output[..count]);
        _output.RemoveRange(0, count);
    }

    private bool Save()
    {
        // What has landed and was not used stays there, or is written down.
        _landed = Math.Min(_landed, _ahead.Count);
        if (world.Scenario.Input == CrashInput.Lands && _landing is not null && (_landed == 0 || Choose(3) == 0))
            (_landing, _landed) = (_accounted, 0);
        var entry = new JournalEntry(
            _written, _accounted - _landed, Session, new Arr<JournalAnswer>(_answers.ToArray()), new(_ahead.ToArray().AsSpan(0, _ahead.Count - _landed)), _landing);
        if (!JournalSlot.Fits(entry))
            throw new InvalidOperationException($"{entry} is too long for this model");
        return _isJournalled = world.Journal.Write(entry, ++_sequence, fuse);
    }

    /// <summary>The scenario's next choice. Each round through them is another one, so that everything is chosen some time.</summary>
    private int Choose(int below)
    {
        var (round, at) = Math.DivRem(_turn++, world.Scenario.Choices.Length);
        return (world.Scenario.Choices[at] + round * 7) % below;
    }
}
