using Trainyard.Core.Framing;
using Phase = Trainyard.Core.Protocol.ClientSessionState.Phase;
using UploadStage = Trainyard.Core.Protocol.ClientSessionState.UploadStage;

namespace Trainyard.Core.Protocol;

/// <summary>The rules of the client's side of a session. Pure: same state and input, same step.</summary>
/// <remarks>
/// <para>1. The server's hello comes first. Then requests may be sent ahead, as many as the server allows; answers come in the order of the
/// requests. Whoever sends ahead must go on reading, or both sides wait for each other.</para>
/// <para>2. One call finds one item at the start of the input. The caller keeps what was not consumed and calls again with it; its buffer need not be
/// longer than a control train of our limit. File data is never kept or copied here.</para>
/// <para>3. What cannot be the answer to the oldest request ends the session, since nothing behind it can be trusted. A request that fails, and a file
/// whose digest is another than announced, do not.</para>
/// <para>4. An upload whose GO has come, or that was eager, is ended by the client with FIN or ERROR, also after it was refused. Nothing is asked
/// behind an upload before its end has been sent: the server would take it for a part of the upload.</para>
/// </remarks>
public static class ClientSession
{
    private static readonly TrainLimits AnyLength = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    /// <summary>A request has been, or is about to be, sent.</summary>
    public static ClientSessionState Asked(ClientSessionState state, Message request) =>
        state.IsEnded ? state
        : !MessageCodec.IsRequest(MessageCodec.KindOf(request)) ? state.End(new SessionError.Misused("no request"))
        : state.IsUploading ? state.End(new SessionError.Misused("a request before the end of the upload"))
        : !state.MayAsk ? state.End(new SessionError.Misused("more requests at once than allowed"))
        : state with
        {
            Outstanding = state.Outstanding.Enqueue(request),
            OutstandingCount = state.OutstandingCount + 1,
            Upload = request is Message.Put put ? put.Eager ? UploadStage.Sending : UploadStage.Asked : UploadStage.None,
        };

    /// <summary>The end of the upload, FIN or ERROR, has been, or is about to be, sent.</summary>
    public static ClientSessionState UploadEnded(ClientSessionState state) =>
        state.IsEnded ? state
        : state.MaySend ? state with { Upload = UploadStage.None }
        : state.End(new SessionError.Misused("the end of an upload that has not begun"));

    /// <summary>Finds the item at the start of <paramref name="input"/>, all bytes that have come and were not consumed.</summary>
    public static ClientStep Read(ClientSessionState state, ReadOnlySpan<byte> input)
    {
        if (state.IsEnded)
            return new(state, ClientAction.Ended);
        if (state.At == Phase.Open && Oldest(state) is Message.Get get)
            return Receive(state, get, input);
        return Train(state, input);
    }

    /// <summary>Accounts for file bytes that were moved past <see cref="Read"/>.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="count">How many, <c>0 ..= state.ExpectedData</c>.</param>
    public static ClientSessionState Moved(ClientSessionState state, long count)
    {
        if (state.IsEnded)
            return state;
        var response = ResponseReceiver.Moved(state.Response, count);
        return response.Error is null ? state with { Response = response } : state.End(new SessionError.Misused("more was received than expected"));
    }

    /// <summary>Compares the digest of all file bytes that came, after <see cref="ClientAction.Fin"/>.</summary>
    /// <returns>The state after the answer, and what is wrong with the file; <c>null</c> where it is whole.</returns>
    public static (ClientSessionState State, ResponseError? Error) Verify(ClientSessionState state, Opaque computed)
    {
        var response = ResponseReceiver.Verify(state.Response, computed);
        return state.IsReceiving && response.IsEnded
            ? (Answered(state), response.Error)
            : (state.IsEnded ? state : state.End(new SessionError.Misused("no file is complete")), null);
    }

    /// <summary>The stream ended, and <see cref="Read"/> has seen everything that came before.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="unread">Bytes that came and were not consumed.</param>
    public static ClientSessionState EndOfStream(ClientSessionState state, int unread) =>
        state.IsEnded ? state
        : state is { At: Phase.Open, OutstandingCount: 0, IsUploading: false } && unread == 0 ? state.End()
        : state.End(new SessionError.Truncated());

    private static ClientStep Receive(ClientSessionState state, Message.Get get, ReadOnlySpan<byte> input)
    {
        var response = state.IsReceiving ? state.Response : new(get, state.Hello!.Algorithm, state.Limits);
        var step = ResponseReceiver.Read(response, input);
        var next = state with { Response = step.State, IsReceiving = true };
        return step.Action switch
        {
            ResponseAction.NeedMore => new(next, ClientAction.NeedMore, get, Consumed: step.Consumed),
            ResponseAction.Meta => new(next, ClientAction.Meta, get, step.State.Meta, step.Consumed),
            ResponseAction.Data => new(next, ClientAction.Data, get, Consumed: step.Consumed, DataLength: step.DataLength),
            ResponseAction.Fin => new(next, ClientAction.Fin, get, Consumed: step.Consumed),
            _ => step.State.Error switch
            {
                ResponseError.Refused(var failure) =>
                    new(Answered(next), ClientAction.Refused, get, new Message.Error(failure), step.Consumed),
                { } error => new(state.End(new SessionError.BadAnswer(error)), ClientAction.Ended, get),
                _ => new(state.End(new SessionError.Misused("the file was not verified")), ClientAction.Ended, get),
            },
        };
    }

    private static ClientStep Train(ClientSessionState state, ReadOnlySpan<byte> input)
    {
        var decoding = TrainCodec.DecodeHeader(input, AnyLength);
        if (decoding.Status == DecodeStatus.NeedMore)
            return new(state, ClientAction.NeedMore, Oldest(state));
        var header = decoding.Header;
        var limit = state.At == Phase.Hello ? SessionLimits.LeastControl : state.Limits.MaximumControl;
        if (header.Kind == TrainKind.Data)
            return End(state, new SessionError.UnexpectedKind(header.Kind));
        if (header.Length > limit)
            return End(state, new SessionError.BadTrain(new FramingError.LengthOutOfRange(header.Length, limit)));
        if (input.Length < header.TotalLength)
            return new(state, ClientAction.NeedMore, Oldest(state));
        return MessageCodec.DecodeTrain(input[..header.TotalLength], Side.Server, limit).Case switch
        {
            Message message => Said(state, message, header),
            MessageError error => End(state, new SessionError.BadMessage(error)),
            _ => End(state, new SessionError.UnexpectedKind(header.Kind)),
        };
    }

    private static ClientStep Said(ClientSessionState state, Message message, TrainHeader header)
    {
        var consumed = header.TotalLength;
        var request = Oldest(state);
        return (state.At, request, message) switch
        {
            (Phase.Hello, _, Message.ServerHello hello) => Greet(state, hello, consumed),
            (_, null, Message.Error(var failure)) => End(state, new SessionError.Refused(failure)),
            (Phase.Open, not null, Message.Error) => new(Refused(state), ClientAction.Refused, request, message, consumed),
            (Phase.Open, Message.Put, Message.Go go) when state.Parts == 0 => Begin(state, (Message.Put)request, go, consumed),
            (Phase.Open, Message.Put put, Message.Committed committed) when state.Parts > 0 && !IsBeingSent(state) =>
                committed.Digest.Length == HashAlgorithms.DigestLength(put.Algorithm ?? state.Hello!.Algorithm)
                    ? Answer(state, request, message, consumed)
                    : End(state, new SessionError.BadAnswer(new ResponseError.WrongDigest(committed.Digest, default))),
            (Phase.Open, Message.List, Message.Entries entries) =>
                new(state with { Parts = state.Parts + entries.Batch.Count }, ClientAction.Part, request, message, consumed),
            (Phase.Open, Message.List, Message.Fin fin) => fin.Total == state.Parts
                ? Answer(state, request, message, consumed)
                : End(state, new SessionError.WrongTotal(fin.Total, state.Parts)),
            (Phase.Open, Message.Stat, Message.StatAnswer) or (Phase.Open, Message.Status, Message.StatusAnswer) =>
                Answer(state, request, message, consumed),
            (Phase.Open, Message.Hash hash, Message.HashAnswer answer) => WrongHash(state, hash, answer) is { } error
                ? End(state, new SessionError.BadAnswer(error))
                : Answer(state, request, message, consumed),
            (Phase.Open, Message.Ping(var sent), Message.PingAnswer(var came)) when sent == came => Answer(state, request, message, consumed),
            (Phase.Open, not null, Message.DoneAnswer(var kind)) when kind == MessageCodec.KindOf(request) => Answer(state, request, message, consumed),
            _ => End(state, new SessionError.UnexpectedKind(header.Kind)),
        };
    }

    private static ClientStep Greet(ClientSessionState state, Message.ServerHello hello, int consumed) =>
        hello.Version != MessageCodec.Version
            ? End(state, new SessionError.NoCommonVersion(hello.Version, hello.Version))
            : new(state with { At = Phase.Open, Hello = hello }, ClientAction.Hello, null, hello, consumed);

    private static ClientStep Begin(ClientSessionState state, Message.Put put, Message.Go go, int consumed) =>
        go.Offset > (put.Eager ? 0 : put.Size ?? long.MaxValue)
            ? End(state, new SessionError.WrongTotal(go.Offset, put.Size ?? 0))
            : new(state with { Parts = 1, Upload = put.Eager ? state.Upload : UploadStage.Sending }, ClientAction.Part, put, go, consumed);

    private static ResponseError? WrongHash(ClientSessionState state, Message.Hash hash, Message.HashAnswer answer)
    {
        var wanted = hash.Algorithm ?? state.Hello!.Algorithm;
        return answer.Algorithm != wanted ? new ResponseError.WrongAlgorithm(wanted, answer.Algorithm)
            : !hash.IfIdentity.IsEmpty && answer.Identity != hash.IfIdentity ? new ResponseError.Changed(hash.IfIdentity, answer.Identity)
            : hash.Range.Offset > answer.Size ? new ResponseError.RangeOutside(hash.Range.Offset, answer.Size)
            : null;
    }

    /// <summary>Whether the oldest request is the upload whose end has not been sent: only the newest request can be it.</summary>
    private static bool IsBeingSent(ClientSessionState state) => state.OutstandingCount == 1 && state.IsUploading;

    /// <summary>An upload that is refused before it may begin needs no end.</summary>
    private static ClientSessionState Refused(ClientSessionState state) =>
        Answered(IsBeingSent(state) && state.Upload == UploadStage.Asked ? state with { Upload = UploadStage.None } : state);

    private static ClientStep Answer(ClientSessionState state, Message? request, Message message, int consumed) =>
        new(Answered(state), ClientAction.Answer, request, message, consumed);

    private static ClientStep End(ClientSessionState state, SessionError error) => new(state.End(error), ClientAction.Ended, Oldest(state));

    private static ClientSessionState Answered(ClientSessionState state) =>
        state with
        {
            Outstanding = state.Outstanding.Dequeue(),
            OutstandingCount = state.OutstandingCount - 1,
            Response = default,
            IsReceiving = false,
            Parts = 0,
        };

    private static Message? Oldest(ClientSessionState state) => state.OutstandingCount == 0 ? null : state.Outstanding.Peek();
}
