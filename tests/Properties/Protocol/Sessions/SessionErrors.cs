using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Architecture;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>Calls in an order that makes no sense, and every way in which a session can end.</summary>
public class SessionErrors
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly RemotePath Path = Messages.PathOf("a"u8);

    private static readonly Message.Put Put = new(Path, 10, null, null, default, default, false, null, Eager: false);

    private static readonly Message.Get Get = new(Path, default, default, null);

    private static readonly Message.Hash Hash = new(Path, default, null, 0, new("i"u8));

    private static readonly Message.ClientHello Hello = new(2, 2, SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), default);

    private static readonly Message.ServerHello Greeting = new(2, SessionLimits.Default with { Pipelined = 2 }, HashAlgorithm.Xxh128, default);

    private static readonly Failure Failure = Failure.Of(ErrorCode.Busy);

    private static readonly Opaque Digest = new(new byte[16]);

    private static ServerSessionState NewServer { get; } =
        new(new(SessionLimits.Default, Hello.Hashes, SessionTimeouts.Default, default), Now);

    private static ServerSessionState Ready { get; } = Read(NewServer, Wire.Train(Hello));

    private static ServerSessionState Asked { get; } = Read(Ready, Wire.Train(Put));

    private static ServerSessionState Uploading { get; } = ServerSession.Accepted(Asked, new(0, default, 10), Now);

    private static ClientSessionState NewClient { get; } = new(SessionLimits.Default);

    private static ClientSessionState Open { get; } = Read(NewClient, Wire.Train(Greeting));

    [Fact]
    public void A_server_that_is_misused_says_so()
    {
        var pinged = Read(Ready, Wire.Train(new Message.Ping(default)));
        var givenUp = Read(Uploading, Wire.Train(new Message.Error(Failure)));
        var skipping = ServerSession.Refused(Uploading, Now);
        Message.Go go = new(0, default, 10);
        ServerSessionState[] misused =
        [
            ServerSession.Answered(NewServer, Now), ServerSession.Refused(NewServer, Now), ServerSession.Accepted(NewServer, go, Now),
            ServerSession.Answered(Ready, Now), ServerSession.Refused(Ready, Now), ServerSession.Accepted(Ready, go, Now), ServerSession.Received(Ready, 1, Now),
            ServerSession.Accepted(pinged, go, Now), ServerSession.Answered(Asked, Now), ServerSession.Accepted(Asked, go with { Offset = 11 }, Now),
            ServerSession.Accepted(Asked, go with { Offset = -1 }, Now), ServerSession.Received(Asked, 1, Now),
            ServerSession.Accepted(Read(Ready, Wire.Train(Put with { Eager = true })), go with { Offset = 1 }, Now),
            ServerSession.Answered(Uploading, Now), ServerSession.Accepted(Uploading, go, Now), ServerSession.Received(Uploading, 1, Now),
            ServerSession.Received(Uploading, -1, Now), ServerSession.Received(Uploading, int.MaxValue, Now),
            ServerSession.Answered(givenUp, Now), ServerSession.Accepted(givenUp, go, Now), ServerSession.Answered(skipping, Now),
        ];
        Assert.All(misused, static state => Assert.IsType<SessionError.Misused>(state.Error));
        Assert.All(misused, static state => Assert.Equal(ErrorCode.Internal, state.Error!.ToFailure()!.Code));
        Assert.True(ServerSession.Refused(givenUp, Now).IsIdle);
        Assert.Equal(skipping, ServerSession.Refused(skipping, Now));
    }

    [Fact]
    public void A_client_that_is_misused_says_so()
    {
        var full = ClientSession.Asked(ClientSession.Asked(Open, Get), Get);
        ClientSessionState[] misused =
        [
            ClientSession.Asked(NewClient, Get), ClientSession.Asked(Open, new Message.Fin(0, default)), ClientSession.Asked(full, Get),
            ClientSession.Asked(ClientSession.Asked(Open, Put), Get), ClientSession.Asked(ClientSession.Asked(Open, Put with { Eager = true }), Get),
            ClientSession.UploadEnded(Open), ClientSession.UploadEnded(ClientSession.Asked(Open, Put)),
            ClientSession.Moved(Open, 1), ClientSession.Moved(full, -1), ClientSession.Moved(full, long.MaxValue),
            ClientSession.Verify(NewClient, default).State, ClientSession.Verify(Open, default).State, ClientSession.Verify(full, default).State,
        ];
        Assert.All(misused, static state => Assert.IsType<SessionError.Misused>(state.Error));
        Assert.False(full.MayAsk);
        Assert.False(ClientSession.Asked(Open, Put).MayAsk);
    }

    [Fact]
    public void After_the_end_nothing_changes()
    {
        var server = ServerSession.EndOfStream(Uploading, 0);
        Assert.Equal(
            [server, server, server, server, server, server, server],
            [
                ServerSession.Answered(server, Now), ServerSession.Refused(server, Now), ServerSession.Accepted(server, new(0, default, 1), Now),
                ServerSession.Received(server, 1, Now), ServerSession.Moved(server, Now), ServerSession.EndOfStream(server, 1),
                ServerSession.Tick(server, DateTimeOffset.MaxValue),
            ]);
        Assert.Equal(new ServerStep(server, ServerAction.Ended), ServerSession.Read(server, Wire.Train(Hello), Now));
        var client = ClientSession.EndOfStream(ClientSession.Asked(Open, Get), 0);
        Assert.Equal(
            [client, client, client, client, client],
            [
                ClientSession.Asked(client, Get), ClientSession.UploadEnded(client), ClientSession.Moved(client, 1), ClientSession.Verify(client, default).State,
                ClientSession.EndOfStream(client, 1),
            ]);
        Assert.Equal(new ClientStep(client, ClientAction.Ended), ClientSession.Read(client, Wire.Train(Greeting)));
    }

    [Fact]
    public void Every_way_to_end_is_said_by_type()
    {
        var fin = new Message.Fin(0, Digest);
        SessionError?[] errors =
        [
            Says(new SessionError.BadTrain(new FramingError.LengthOutOfRange(9217, 9216)), Read(NewServer, [1, 36, 0, 1]).Error),
            Says(new SessionError.BadTrain(new FramingError.LengthOutOfRange(9217, 9216)), Read(NewClient, [1, 36, 0, 1]).Error),
            Says(new SessionError.BadTrain(new FramingError.LengthOutOfRange(0, 1 << 20)), Read(Uploading, [0, 0, 0, 0]).Error),
            Says(new SessionError.BadTrain(new FramingError.LengthOutOfRange((1 << 20) + 1, 1 << 20)), Read(Uploading, [1, 0, 16, 0]).Error),
            Says(new SessionError.BadMessage(new MessageError.Damaged()), Read(NewServer, [4, 0, 0, 1, 0, 0, 0, 0]).Error),
            Says(new SessionError.BadMessage(new MessageError.OutOfRange(1)), Read(Uploading, [.. Wire.DataTrain(new byte[10]), .. Wire.Train(new Message.Fin(10, default))]).Error),
            Says(new SessionError.UnexpectedKind(TrainKind.Data), Read(Ready, Wire.DataTrain([1])).Error),
            Says(new SessionError.UnexpectedKind(TrainKind.Get), Read(NewServer, Wire.Train(Get)).Error),
            Says(new SessionError.UnexpectedKind(TrainKind.Get), Read(Uploading, Wire.Train(Get)).Error),
            Says(new SessionError.UnexpectedKind(TrainKind.Hello), Read(Ready, Wire.Train(Hello)).Error),
            Says(new SessionError.UnexpectedKind(TrainKind.Answer), Read(Open, Wire.Train(new Message.PingAnswer(default))).Error),
            Says(
                new SessionError.UnexpectedKind(TrainKind.Committed),
                Read(ClientSession.Asked(Open, Put with { Eager = true }), [.. Wire.Train(new Message.Go(0, default, 1)), .. Wire.Train(new Message.Committed(new("i"u8), Digest))]).Error),
            Says(new SessionError.NoCommonVersion(3, 4), Read(NewServer, Wire.Train(Hello with { LowestVersion = 3, HighestVersion = 4 })).Error),
            Says(new SessionError.NoCommonVersion(3, 3), Read(NewClient, Wire.Train(Greeting with { Version = 3 })).Error),
            Says(new SessionError.NoCommonHash(), Read(NewServer, Wire.Train(Hello with { Hashes = new Arr<HashAlgorithm>([HashAlgorithm.Md5]) })).Error),
            Says(new SessionError.Refused(Failure), Read(NewClient, Wire.Train(new Message.Error(Failure))).Error),
            Says(new SessionError.BadAnswer(new ResponseError.UnexpectedKind(TrainKind.Fin)), Read(ClientSession.Asked(Open, Get), Wire.Train(fin)).Error),
            Says(new SessionError.BadAnswer(new ResponseError.Changed(new("i"u8), new("j"u8))), Hashed("j", HashAlgorithm.Xxh128, 16)),
            Says(new SessionError.BadAnswer(new ResponseError.WrongAlgorithm(HashAlgorithm.Xxh128, HashAlgorithm.Sha256)), Hashed("i", HashAlgorithm.Sha256, 32)),
            Says(new SessionError.WrongTotal(10, 0), Read(Uploading, Wire.Train(fin)).Error),
            Says(new SessionError.WrongTotal(1, 0), Read(Uploading, Wire.Train(fin with { Total = 1 })).Error),
            Says(new SessionError.WrongTotal(10, 11), Read(Uploading, Wire.DataTrain(new byte[11])).Error),
            Says(new SessionError.WrongTotal(11, 10), Read(ClientSession.Asked(Open, Put), Wire.Train(new Message.Go(11, default, 1))).Error),
            Says(new SessionError.Truncated(), ServerSession.EndOfStream(Ready, 1).Error),
            Says(new SessionError.Truncated(), ClientSession.EndOfStream(ClientSession.Asked(Open, Get), 0).Error),
            Says(new SessionError.Truncated(), ClientSession.EndOfStream(Read(ClientSession.Asked(Open, Put with { Eager = true }), Wire.Train(new Message.Error(Failure))), 0).Error),
            Says(new SessionError.TimedOut(SessionTimer.Hello, TimeSpan.FromSeconds(10)), ServerSession.Tick(NewServer, DateTimeOffset.MaxValue).Error),
            ServerSession.Answered(Ready, Now).Error,
        ];
        Assert.Empty(UnionCases.Of(typeof(SessionError)).Except(errors.Select(static error => error!.GetType())));
    }

    [Fact]
    public void Every_action_is_found_somewhere()
    {
        SessionTask[] tasks =
        [
            new(Put with { Eager = true, Size = null }, [1, 2, 3]), new(Get, []), new(Put, new byte[10], RefuseAt: 1), new(Put, new byte[10], GiveUpAt: 5),
        ];
        var script = new SessionScript(tasks, SessionLimits.Default, SessionLimits.Default, [HashAlgorithm.Sha256], 1, 2, (9, 9), [], false);
        var (whole, damaged) = (SessionPair.Run(script), SessionPair.Run(script, new(null, (10, 1)), new(null, (10, 1))));
        Assert.Equal(Enum.GetValues<ServerAction>(), whole.Server.Seen.Union(damaged.Server.Seen).Order());
        Assert.Equal(Enum.GetValues<ClientAction>(), whole.Client.Seen.Union(damaged.Client.Seen).Order());
    }

    private static SessionError? Hashed(string identity, HashAlgorithm algorithm, int length) =>
        Read(
            ClientSession.Asked(Open, Hash),
            Wire.Train(new Message.HashAnswer(0, new(System.Text.Encoding.ASCII.GetBytes(identity)), algorithm, new(new byte[length]), default))).Error;

    private static SessionError? Says(SessionError expected, SessionError? actual)
    {
        Assert.Equal(expected, actual);
        return actual;
    }

    private static ServerSessionState Read(ServerSessionState state, byte[] input)
    {
        for (var step = ServerSession.Read(state, input, Now); ; step = ServerSession.Read(step.State, input = input[step.Consumed..], Now))
            if (step.Consumed == input.Length || step.State.IsEnded)
                return step.State;
    }

    private static ClientSessionState Read(ClientSessionState state, byte[] input)
    {
        for (var step = ClientSession.Read(state, input); ; step = ClientSession.Read(step.State, input = input[step.Consumed..]))
            if (step.Consumed == input.Length || step.State.IsEnded)
                return step.State;
    }
}
