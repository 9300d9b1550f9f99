using FsCheck;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

[Properties(Arbitrary = [typeof(StreamCutsArbitrary)], MaxTest = 100)]
public class SessionTimerProperties
{
    private static readonly SessionTimeouts Limits = new(Seconds(11), Seconds(7), Seconds(301), Seconds(59));

    private static readonly Message.Put Put = new(Messages.PathOf("a"u8), null, null, null, default, default, false, null, Eager: false);

    private static readonly byte[] Hello = Wire.Train(
        new Message.ClientHello(2, 2, SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), new(new byte[1000])));

    private static DateTimeOffset Start => DateTimeOffset.UnixEpoch;

    [Property]
    public void The_hello_is_waited_for_from_the_beginning_however_it_trickles(StreamCuts cuts) =>
        Expires(Trickle(New(), Hello[..^1], cuts, out _), SessionTimer.Hello, Start + Limits.Hello!.Value);

    [Property]
    public void A_request_is_waited_for_from_its_first_byte_however_it_trickles(StreamCuts cuts)
    {
        var greeted = Greeted(out var now);
        Expires(greeted, SessionTimer.Idle, now + Limits.Idle!.Value);
        var begun = Trickle(greeted, Wire.Train(new Message.MakeLink(Put.Path, new(new byte[4000]), null, false))[..^1], cuts, out var first);
        Expires(begun, SessionTimer.Request, first + Limits.Request!.Value);
    }

    [Property]
    public void Every_byte_of_an_upload_is_progress_and_nothing_else_is(StreamCuts cuts)
    {
        var state = Uploading(out var now);
        Expires(state, SessionTimer.Progress, now + Limits.Progress!.Value);
        foreach (var piece in cuts.Cut(Wire.DataTrain(new byte[500])))
        {
            if (state.ExpectedData == 0 && piece.Length < 4)
                return;
            now += Seconds(3);
            state = ServerSession.Read(state, piece.Span, now).State;
            Expires(state, SessionTimer.Progress, now + Limits.Progress.Value);
            Expires(ServerSession.Read(state, [], now + Seconds(1)).State, SessionTimer.Progress, now + Limits.Progress.Value);
        }
        Assert.Equal(500, state.Received);
    }

    [Fact]
    public void While_an_answer_leaves_progress_is_what_the_interpreter_says()
    {
        var now = Start + Seconds(5);
        var state = ServerSession.Read(Greeted(out _), Wire.Train(new Message.Status()), now).State;
        Expires(state, SessionTimer.Progress, now + Limits.Progress!.Value);
        Expires(ServerSession.Read(state, [1], now + Seconds(1)).State, SessionTimer.Progress, now + Limits.Progress.Value);
        Expires(ServerSession.Moved(state, now + Seconds(9)), SessionTimer.Progress, now + Seconds(9) + Limits.Progress.Value);
        Expires(ServerSession.Answered(state, now + Seconds(20)), SessionTimer.Idle, now + Seconds(20) + Limits.Idle!.Value);
        Expires(ServerSession.Refused(state, now + Seconds(20)), SessionTimer.Idle, now + Seconds(20) + Limits.Idle.Value);
    }

    [Fact]
    public void Bytes_that_move_past_are_progress_and_a_movement_while_idle_is_not()
    {
        var state = ServerSession.Read(Uploading(out var now), Wire.DataTrain(new byte[9]).AsSpan(0, 4), now).State;
        Expires(ServerSession.Received(state, 1, now + Seconds(2)), SessionTimer.Progress, now + Seconds(2) + Limits.Progress!.Value);
        Expires(ServerSession.Received(state, 0, now + Seconds(2)), SessionTimer.Progress, now + Limits.Progress.Value);
        Expires(ServerSession.Moved(Greeted(out now), now + Seconds(2)), SessionTimer.Idle, now + Limits.Idle!.Value);
    }

    [Fact]
    public void Without_a_limit_it_waits_for_ever_and_after_the_end_for_nothing()
    {
        var patient = new ServerSessionState(Policy(new(null, null, null, null)), Start);
        Assert.Null(patient.Deadline);
        Assert.False(ServerSession.Tick(patient, DateTimeOffset.MaxValue).IsEnded);
        Assert.Null(ServerSession.Tick(New(), DateTimeOffset.MaxValue).Deadline);
        Assert.Null(ServerSession.EndOfStream(New(), 0).Deadline);
    }

    [Property]
    public void After_a_step_the_deadline_lies_ahead(StreamCuts cuts, NonNegativeInt[] pauses)
    {
        byte[] wire =
            [.. Hello, .. Wire.Train(new Message.Status()), .. Wire.Train(Put), .. Wire.DataTrain(new byte[600]), .. Wire.Train(new Message.Fin(600, new(new byte[16])))];
        var (state, now, buffer, round) = (New(), Start, new ByteQueue(int.MaxValue), 0);
        foreach (var piece in cuts.Cut(wire))
        {
            buffer.Append(piece.Span);
            for (var action = ServerAction.Data; action != ServerAction.NeedMore && !state.IsEnded;)
            {
                now += Seconds(pauses.Length == 0 ? 1 : pauses[round++ % pauses.Length].Get % 8);
                state = ServerSession.Tick(state, now);
                (state, action, var consumed, _) = ServerSession.Read(state, buffer.Span, now);
                buffer.Consume(consumed);
                if (action == ServerAction.Busy)
                    state = state is { Request: Message.Put, Fin: null } ? ServerSession.Accepted(state, new(0, default, 1), now) : ServerSession.Answered(state, now);
                Assert.True(state.IsEnded ? state.Deadline is null : state.Deadline > now);
            }
        }
        Assert.True(state.Error is null or SessionError.TimedOut, $"{state.Error}");
    }

    private static void Expires(in ServerSessionState state, SessionTimer timer, DateTimeOffset at)
    {
        Assert.Equal((timer, at), (state.Timer, state.Deadline));
        Assert.Equal(state, ServerSession.Tick(state, at - TimeSpan.FromTicks(1)));
        var limit = timer switch
        {
            SessionTimer.Hello => Limits.Hello,
            SessionTimer.Request => Limits.Request,
            SessionTimer.Idle => Limits.Idle,
            _ => Limits.Progress,
        };
        Assert.Equal(new SessionError.TimedOut(timer, limit!.Value), ServerSession.Tick(state, at).Error);
    }

    /// <summary>Lets an unfinished item come piece by piece, a moment between two pieces.</summary>
    private static ServerSessionState Trickle(ServerSessionState state, byte[] part, StreamCuts cuts, out DateTimeOffset first)
    {
        first = Start + Seconds(4);
        var (now, come) = (first, 0);
        foreach (var piece in cuts.Cut(part))
        {
            var step = ServerSession.Read(state, part.AsSpan(0, come += piece.Length), now);
            Assert.Equal((ServerAction.NeedMore, 0), (step.Action, step.Consumed));
            state = step.State;
            now += TimeSpan.FromTicks(1000);
        }
        return state;
    }

    private static ServerSessionState New() => new(Policy(Limits), Start);

    private static ServerPolicy Policy(SessionTimeouts timeouts) =>
        new(SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), timeouts, default);

    private static ServerSessionState Greeted(out DateTimeOffset now) => ServerSession.Read(New(), Hello, now = Start + Seconds(2)).State;

    private static ServerSessionState Uploading(out DateTimeOffset now) =>
        ServerSession.Accepted(ServerSession.Read(Greeted(out now), Wire.Train(Put), now).State, new(0, default, 500), now += Seconds(1));

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
}
