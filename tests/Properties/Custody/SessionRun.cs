using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Custody;

/// <summary>
/// A server's session over a client's stream. What it answers follows from the stream alone, so that two workers that see the same bytes do the
/// same.
/// </summary>
internal sealed class SessionRun
{
    internal static readonly ServerPolicy Policy =
        new(SessionLimits.Default, new Arr<HashAlgorithm>(Enum.GetValues<HashAlgorithm>()), SessionTimeouts.Default, new("s"u8));

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly SessionStream _stream;
    private ServerSessionState _state;
    private JournalledUpload _upload;
    private int _consumed;

    private SessionRun(SessionStream stream, ServerSessionState state, long consumed) => (_stream, _state, _consumed) = (stream, state, (int)consumed);

    /// <summary>Everything that was found in the stream, in order.</summary>
    internal System.Collections.Generic.List<Found> Steps { get; } = [];

    /// <summary>Where a worker may have died and left all that the next one needs.</summary>
    internal System.Collections.Generic.List<Cut> Cuts { get; } = [];

    internal static SessionRun Of(SessionStream stream) => From(stream, new(Policy, Now), 0);

    /// <summary>The rest of the stream as a session sees it that begins at a byte.</summary>
    internal static SessionRun From(SessionStream stream, ServerSessionState state, long consumed)
    {
        var run = new SessionRun(stream, state, consumed);
        // The file may have its name already or get it now: the session goes on behind that.
        if (state.Fin is not null)
            run._state = ServerSession.Answered(state, Now);
        while (run.Step())
            continue;
        return run;
    }

    private bool Step()
    {
        // Only looked at: what is not consumed is seen again, with what has come behind it.
        for (var seen = _consumed; ;)
        {
            seen = _stream.Arrived(seen);
            var step = ServerSession.Read(_state, _stream.Bytes.AsSpan(_consumed, seen - _consumed), Now);
            if (step.Action == ServerAction.NeedMore && step.Consumed == 0 && seen < _stream.Bytes.Length)
                continue;
            if (step.Action == ServerAction.NeedMore && step.Consumed == 0)
                return false;
            Take(step);
            return !_state.IsEnded;
        }
    }

    private void Take(in ServerStep step)
    {
        _state = step.State;
        _consumed += step.Consumed;
        Steps.Add(new(
            step.Action, step.Consumed, step.DataLength,
            step.Action == ServerAction.Request ? _state.Request : step.Action == ServerAction.Fin ? _state.Fin : null, _state.Error));
        if (_state.IsEnded)
            return;
        switch (step.Action)
        {
            case ServerAction.Request:
                Answer(_state.Request!);
                break;
            case ServerAction.Data when _stream.Choose(_consumed) % 12 == 0:
                _state = ServerSession.Refused(_state, Now);
                break;
            case ServerAction.GivenUp:
                _state = ServerSession.Refused(_state, Now);
                break;
            case ServerAction.Fin:
                // Journalled before it is committed: the next worker commits it, which is no step of the session.
                Account();
                _state = ServerSession.Answered(_state, Now);
                return;
            default:
                break;
        }
        Account();
    }

    private void Answer(Message request)
    {
        var choice = _stream.Choose(_consumed);
        if (choice % 5 == 0)
        {
            _state = ServerSession.Refused(_state, Now);
            return;
        }
        if (request is not Message.Put put)
        {
            _state = ServerSession.Answered(_state, Now);
            return;
        }
        var go = new Message.Go(put.Eager ? 0 : Math.Min(choice % 3 == 0 ? choice : SessionStreams.StoredBefore, put.Size ?? long.MaxValue), new([1]), 1000);
        _upload = new(go.Token, new([2]), go.Offset, new([3]), new([4]));
        _state = ServerSession.Accepted(_state, go, Now);
    }

    private void Account() => Cuts.Add(new(_consumed, SessionRecord.Of(_state, _upload), Steps.Count));

    /// <summary>What a step found.</summary>
    internal readonly record struct Found(ServerAction Action, int Consumed, int DataLength, Message? Said, SessionError? Error);

    /// <summary>A point at which the journal is up to date.</summary>
    /// <param name="Accounted">Bytes of the stream that have had their effects.</param>
    /// <param name="Session">What is journalled.</param>
    /// <param name="Next">Which step comes next.</param>
    internal readonly record struct Cut(int Accounted, JournalSession? Session, int Next);
}
