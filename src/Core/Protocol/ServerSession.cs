using Trainyard.Core.Framing;
using Phase = Trainyard.Core.Protocol.ServerSessionState.Phase;

namespace Trainyard.Core.Protocol;

/// <summary>The rules of the server's side of a session. Pure: same state and input, same step.</summary>
/// <remarks>
/// <para>1. The client's hello comes first. Then requests, one answered after the other in the order in which they came; what is sent ahead waits
/// in the input.</para>
/// <para>2. One call finds one item at the start of the input. The caller keeps what was not consumed and calls again with it; its buffer need not be
/// longer than a control train of our limit. File data is never kept or copied here.</para>
/// <para>3. A length is judged by the header alone, a control train by its checksum, an upload by its total and, where it was announced, its
/// size. What is wrong with a train ends the session; what is wrong with a request ends the request.</para>
/// <para>4. An upload that has begun (GO, or eager) ends with FIN or the client's ERROR, also when it was refused meanwhile: what comes until then is
/// stepped over. One that the client gives up is answered like any other request, with ERROR, unless it was refused already.</para>
/// <para>5. Each wait has its limit: hello, whole request, next request, any byte while something moves. Once ended, nothing changes.</para>
/// </remarks>
public static class ServerSession
{
    private static readonly TrainLimits AnyLength = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    /// <summary>Finds the item at the start of <paramref name="input"/>, all bytes that have come and were not consumed.</summary>
    public static ServerStep Read(in ServerSessionState state, ReadOnlySpan<byte> input, DateTimeOffset now) =>
        state.At switch
        {
            Phase.Answering or Phase.Committing => new(state, ServerAction.Busy),
            Phase.Ended => new(state, ServerAction.Ended),
            Phase.Uploading or Phase.Skipping when state.ExpectedData > 0 => Data(state, input, 0, state.ExpectedData, now),
            _ => Train(state, input, now),
        };

    /// <summary>Accounts for bytes of an upload that were moved past <see cref="Read"/>.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="count">How many, <c>0 ..= state.ExpectedData</c>.</param>
    /// <param name="now">The time.</param>
    public static ServerSessionState Received(in ServerSessionState state, int count, DateTimeOffset now) =>
        state.IsEnded || count == 0 ? state
        : count < 0 || count > state.ExpectedData ? state.End(new SessionError.Misused("more was received than expected"))
        : Add(state, count, state.ExpectedData - count, now);

    /// <summary>Something moved: bytes of an answer left, or work on it went on.</summary>
    public static ServerSessionState Moved(in ServerSessionState state, DateTimeOffset now) =>
        state.Timer == SessionTimer.Progress ? state with { Since = now } : state;

    /// <summary>The upload that was asked for may begin; <paramref name="go"/> has been queued.</summary>
    public static ServerSessionState Accepted(in ServerSessionState state, Message.Go go, DateTimeOffset now)
    {
        if (state is not { At: Phase.Answering, Request: Message.Put put })
            return Misused(state, "no upload was asked for");
        if (go.Offset < 0 || go.Offset > (put.Eager ? 0 : put.Size ?? long.MaxValue))
            return Misused(state, "the upload would begin at a byte that it does not have, or that is sent already");
        return state.Enter(Phase.Uploading, now) with { Received = 0, Fin = null, Left = put.Size - go.Offset };
    }

    /// <summary>The request has been answered well: the last byte of the answer has been queued.</summary>
    public static ServerSessionState Answered(in ServerSessionState state, DateTimeOffset now) =>
        state switch
        {
            { At: Phase.Answering, Request: not Message.Put } or { At: Phase.Committing, Fin: not null } => Ready(state, now),
            { At: Phase.Answering or Phase.Committing } => Misused(state, "the upload is not complete"),
            _ => Misused(state, "nothing was asked"),
        };

    /// <summary>The request, or the upload that was accepted, has been answered with ERROR.</summary>
    public static ServerSessionState Refused(in ServerSessionState state, DateTimeOffset now) =>
        state.At switch
        {
            Phase.Answering when state.Request is Message.Put { Eager: true } =>
                state.Enter(Phase.Skipping, now) with { Received = 0, Left = null, Fin = null },
            Phase.Answering or Phase.Committing => Ready(state, now),
            Phase.Uploading => state.Enter(Phase.Skipping, now) with { Left = null },
            Phase.Skipping => state,
            _ => Misused(state, "nothing was asked"),
        };

    /// <summary>The stream ended, and <see cref="Read"/> has seen everything that came before.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="unread">Bytes that came and were not consumed.</param>
    public static ServerSessionState EndOfStream(in ServerSessionState state, int unread) =>
        state.IsEnded ? state
        : state.At is Phase.Hello or Phase.Ready && unread == 0 ? state.End()
        : state.End(new SessionError.Truncated());

    /// <summary>Ends the session if a wait is over.</summary>
    public static ServerSessionState Tick(in ServerSessionState state, DateTimeOffset now) =>
        state.Deadline <= now ? state.End(new SessionError.TimedOut(state.Timer, state.Patience ?? default)) : state;

    private static ServerStep Train(in ServerSessionState state, ReadOnlySpan<byte> input, DateTimeOffset now)
    {
        var decoding = TrainCodec.DecodeHeader(input, AnyLength);
        if (decoding.Status == DecodeStatus.NeedMore)
            return NeedMore(state, input, now);
        var header = decoding.Header;
        var limit = state.At == Phase.Hello ? SessionLimits.LeastControl
            : header.Kind == TrainKind.Data ? state.Policy.Limits.MaximumTrain
            : state.Policy.Limits.MaximumControl;
        if (header.Length > limit)
            return End(state, new SessionError.BadTrain(new FramingError.LengthOutOfRange(header.Length, limit)));
        if (header.Kind == TrainKind.Data)
            return state.IsUploading ? DataTrain(state, input, header.Length, now) : End(state, new SessionError.UnexpectedKind(header.Kind));
        if (input.Length < header.TotalLength)
            return NeedMore(state, input, now);
        return MessageCodec.DecodeTrain(input[..header.TotalLength], Side.Client, limit).Case switch
        {
            Message message => Said(state, message, header, now),
            MessageError error => End(state, new SessionError.BadMessage(error)),
            _ => End(state, new SessionError.UnexpectedKind(header.Kind)),
        };
    }

    private static ServerStep Said(in ServerSessionState state, Message message, TrainHeader header, DateTimeOffset now) =>
        (state.At, message) switch
        {
            (Phase.Hello, Message.ClientHello hello) => Greet(state, hello, header.TotalLength, now),
            (Phase.Ready, _) when MessageCodec.IsRequest(header.Kind) =>
                new(state.Enter(Phase.Answering, now) with { Request = message }, ServerAction.Request, header.TotalLength),
            (Phase.Uploading, Message.Fin fin) => Complete(state, fin, header.TotalLength, now),
            (Phase.Uploading, Message.Error) => new(state.Enter(Phase.Committing, now), ServerAction.GivenUp, header.TotalLength),
            (Phase.Skipping, Message.Fin or Message.Error) => new(Ready(state, now), ServerAction.Skipped, header.TotalLength),
            _ => End(state, new SessionError.UnexpectedKind(header.Kind)),
        };

    private static ServerStep Greet(in ServerSessionState state, Message.ClientHello hello, int consumed, DateTimeOffset now)
    {
        if (hello.LowestVersion > MessageCodec.Version || hello.HighestVersion < MessageCodec.Version)
            return End(state, new SessionError.NoCommonVersion(hello.LowestVersion, hello.HighestVersion));
        var common = HashAlgorithms.Common(hello.Hashes, state.Policy.Hashes);
        if (common.IsNone)
            return End(state, new SessionError.NoCommonHash());
        var greeting = new Message.ServerHello(
            MessageCodec.Version, state.Policy.Limits, common.IfNone(HashAlgorithm.Xxh128), state.Policy.Session);
        return new(state.Enter(Phase.Ready, now) with { Greeting = greeting, Peer = hello.Limits }, ServerAction.Hello, consumed);
    }

    private static ServerStep DataTrain(in ServerSessionState state, ReadOnlySpan<byte> input, int length, DateTimeOffset now) =>
        length == 0 ? End(state, new SessionError.BadTrain(new FramingError.LengthOutOfRange(0, state.Policy.Limits.MaximumTrain)))
        : length > state.Left ? End(state, new SessionError.WrongTotal(state.Received + state.Left ?? 0, state.Received + length))
        : Data(state, input, TrainHeader.Size, length, now);

    private static ServerStep Data(in ServerSessionState state, ReadOnlySpan<byte> input, int dataOffset, int expected, DateTimeOffset now)
    {
        var count = Math.Min(input.Length - dataOffset, expected);
        if (dataOffset + count == 0)
            return new(state, ServerAction.NeedMore);
        var next = Add(state, count, expected - count, now);
        return new(next, Found(state, count), dataOffset + count, count);
    }

    private static ServerAction Found(in ServerSessionState state, int count) =>
        count == 0 ? ServerAction.NeedMore : state.At == Phase.Skipping ? ServerAction.Skipped : ServerAction.Data;

    private static ServerSessionState Add(in ServerSessionState state, int count, int left, DateTimeOffset now) =>
        state with { Received = state.Received + count, ExpectedData = left, Left = state.Left - count, Since = now };

    private static ServerStep Complete(in ServerSessionState state, Message.Fin fin, int consumed, DateTimeOffset now) =>
        fin.Total != state.Received ? End(state, new SessionError.WrongTotal(fin.Total, state.Received))
        : state.Left > 0 ? End(state, new SessionError.WrongTotal(state.Received + state.Left.Value, state.Received))
        : fin.Digest.Length != HashAlgorithms.DigestLength((state.Request as Message.Put)?.Algorithm ?? state.Algorithm)
            ? End(state, new SessionError.BadMessage(new MessageError.OutOfRange(1)))
        : new(state.Enter(Phase.Committing, now) with { Fin = fin }, ServerAction.Fin, consumed);

    private static ServerSessionState Ready(in ServerSessionState state, DateTimeOffset now) =>
        state.Enter(Phase.Ready, now) with { Request = null, Fin = null, Received = 0, Left = null };

    /// <summary>The wait for a request becomes the wait for its rest with its first byte.</summary>
    private static ServerStep NeedMore(in ServerSessionState state, ReadOnlySpan<byte> input, DateTimeOffset now) =>
        new(
            state is { At: Phase.Ready, HasBegun: false } && !input.IsEmpty ? state with { HasBegun = true, Since = now } : state,
            ServerAction.NeedMore);

    private static ServerStep End(in ServerSessionState state, SessionError error) => new(state.End(error), ServerAction.Ended);

    private static ServerSessionState Misused(in ServerSessionState state, string what) =>
        state.IsEnded ? state : state.End(new SessionError.Misused(what));
}
