using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>Whatever comes, wherever a session stands: no exception, bounded memory, an end.</summary>
[Properties(Arbitrary = [typeof(SessionScripts), typeof(SessionNoiseArbitrary)], MaxTest = 60)]
public class SessionNoiseProperties
{
    private const int StatesEach = 12;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Property]
    public void The_server_bears_any_bytes_in_any_state(SessionScript script, SessionNoise noise, NonNegativeInt seed)
    {
        List<ServerSessionState> states = [];
        SessionPair.Run(script, each: pair => states.Add(pair.Server.State));
        for (var i = 0; i < StatesEach; i++)
            Feed(states[(int)((seed.Get + i * 7919L) % states.Count)], noise.Bytes, (seed.Get + i) % 2 == 0);
    }

    [Property]
    public void The_client_bears_any_bytes_in_any_state(SessionScript script, SessionNoise noise, NonNegativeInt seed)
    {
        List<ClientSessionState> states = [];
        SessionPair.Run(script, each: pair => states.Add(pair.Client.State));
        for (var i = 0; i < StatesEach; i++)
            Feed(states[(int)((seed.Get + i * 7919L) % states.Count)], noise.Bytes);
    }

    private static void Feed(ServerSessionState state, ReadOnlySpan<byte> input, bool refuses)
    {
        for (var left = 3 * input.Length + 5; ; left--)
        {
            Assert.True(left > 0, "no end");
            var before = GC.GetAllocatedBytesForCurrentThread();
            var step = ServerSession.Read(state, input, Now);
            CheckStep(GC.GetAllocatedBytesForCurrentThread() - before, input.Length, step.Consumed, step.DataLength);
            input = input[step.Consumed..];
            state = step.State;
            if (step.Action == ServerAction.Ended)
                break;
            if (step.Action == ServerAction.NeedMore && step.Consumed == 0)
                state = ServerSession.EndOfStream(state, input.Length);
            if (step.Action == ServerAction.Busy)
                state = Answer(state, refuses);
        }
        Assert.True(state.IsEnded);
        Assert.Equal(0, state.ExpectedData);
        Assert.IsNotType<SessionError.Misused>(state.Error);
    }

    /// <summary>Goes on in the way that the state allows; an upload that was given up can only be refused.</summary>
    private static ServerSessionState Answer(ServerSessionState state, bool refuses)
    {
        var answered = refuses ? ServerSession.Refused(state, Now)
            : state is { Request: Message.Put, Fin: null } ? ServerSession.Accepted(state, new(0, default, 1), Now)
            : ServerSession.Answered(state, Now);
        return answered.IsEnded ? ServerSession.Refused(state, Now) : answered;
    }

    private static void Feed(ClientSessionState state, ReadOnlySpan<byte> input)
    {
        for (var left = 3 * input.Length + 5; ; left--)
        {
            Assert.True(left > 0, "no end");
            var before = GC.GetAllocatedBytesForCurrentThread();
            var step = ClientSession.Read(state, input);
            CheckStep(GC.GetAllocatedBytesForCurrentThread() - before, input.Length, step.Consumed, step.DataLength);
            input = input[step.Consumed..];
            state = step.State;
            if (step.Action == ClientAction.Ended)
                break;
            if (step.Action == ClientAction.NeedMore && step.Consumed == 0)
                state = ClientSession.EndOfStream(state, input.Length);
            if (step.Action == ClientAction.Fin)
                state = ClientSession.Verify(state, default).State;
        }
        Assert.True(state.IsEnded);
        Assert.Equal(0, state.ExpectedData);
        Assert.IsNotType<SessionError.Misused>(state.Error);
    }

    private static void CheckStep(long allocated, int length, int consumed, int data)
    {
        Assert.InRange(consumed, 0, length);
        Assert.InRange(data, 0, consumed);
        Assert.InRange(allocated, 0, 20_000 + 100L * length);
    }
}
