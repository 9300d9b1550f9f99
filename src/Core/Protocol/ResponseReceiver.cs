using Trainyard.Core.Framing;
using Phase = Trainyard.Core.Protocol.ResponseState.Phase;

namespace Trainyard.Core.Protocol;

/// <summary>The rules of receiving the answer to one GET. Pure: same state and input, same step.</summary>
/// <remarks>
/// <para>1. One call finds one item at the start of the input: META, file bytes (with the header before them), FIN or ERROR. The caller keeps what
/// was not consumed and calls again with it; its buffer need not be longer than a control train of the session's limit. File data is
/// never kept or copied here.</para>
/// <para>2. A length is judged by the header alone.</para>
/// <para>3. It is a file only if the identity is the one asked for, every train is as long as it must be, FIN has the range's total, and
/// <see cref="Verify"/> was given the announced digest. The end of the stream never makes one.</para>
/// <para>4. What follows FIN or ERROR belongs to the next answer and is not looked at. Once ended, nothing changes.</para>
/// </remarks>
public static class ResponseReceiver
{
    private static readonly TrainLimits AnyLength = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    /// <summary>Finds the item at the start of <paramref name="input"/>, all bytes that have come and were not consumed.</summary>
    public static ResponseStep Read(in ResponseState state, ReadOnlySpan<byte> input) =>
        state.At switch
        {
            Phase.Data => Data(state, input, dataOffset: 0, state.ExpectedData),
            Phase.Verify => new(state, ResponseAction.Fin),
            Phase.Finished or Phase.Failed => new(state, ResponseAction.Ended),
            _ => Train(state, input),
        };

    /// <summary>Accounts for file bytes that were moved past <see cref="Read"/>.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="count">How many, <c>0 ..= state.ExpectedData</c>.</param>
    public static ResponseState Moved(in ResponseState state, long count) =>
        state.IsEnded || count == 0 ? state
        : count < 0 || count > state.ExpectedData ? state.Fail(new ResponseError.Miscounted(count, state.ExpectedData))
        : Add(state, count, state.ExpectedData - count);

    /// <summary>Compares the digest of all file bytes that came. Changes nothing before FIN was found.</summary>
    public static ResponseState Verify(in ResponseState state, Opaque computed) =>
        state.At != Phase.Verify ? state
        : computed == state.Digest ? state with { At = Phase.Finished }
        : state.Fail(new ResponseError.WrongDigest(state.Digest, computed));

    /// <summary>The stream ended or broke, and <see cref="Read"/> has seen everything that came before.</summary>
    public static ResponseState EndOfStream(in ResponseState state) =>
        state.IsEnded || state.At == Phase.Verify ? state : state.Fail(new ResponseError.Truncated(state.Received));

    private static ResponseStep Train(in ResponseState state, ReadOnlySpan<byte> input)
    {
        var decoding = TrainCodec.DecodeHeader(input, AnyLength);
        if (decoding.Status == DecodeStatus.NeedMore)
            return new(state, ResponseAction.NeedMore);
        var header = decoding.Header;
        var limit = header.Kind == TrainKind.Data ? state.Limits.MaximumTrain : state.Limits.MaximumControl;
        if (header.Length > limit)
            return Fail(state, new ResponseError.BadTrain(new FramingError.LengthOutOfRange(header.Length, limit)));
        return (header.Kind, state.At) switch
        {
            (TrainKind.Data, Phase.Header) => DataTrain(state, input, header.Length),
            (TrainKind.Meta, Phase.Meta) or (TrainKind.Fin, Phase.Header) or (TrainKind.Error, _) => Control(state, input, header),
            _ => Fail(state, new ResponseError.UnexpectedKind(header.Kind)),
        };
    }

    private static ResponseStep DataTrain(in ResponseState state, ReadOnlySpan<byte> input, int length)
    {
        var due = Math.Min(state.Meta!.TrainSize, state.Expected - state.Received);
        return length == 0 || length != due
            ? Fail(state, new ResponseError.TrainLength(length, due))
            : Data(state, input, TrainHeader.Size, length);
    }

    private static ResponseStep Data(in ResponseState state, ReadOnlySpan<byte> input, int dataOffset, long expected)
    {
        var count = (int)Math.Min(input.Length - dataOffset, expected);
        var next = Add(state, count, expected - count);
        return new(next, count == 0 ? ResponseAction.NeedMore : ResponseAction.Data, dataOffset + count, count);
    }

    private static ResponseState Add(in ResponseState state, long count, long left) =>
        state with { At = left > 0 ? Phase.Data : Phase.Header, Received = state.Received + count, ExpectedData = left };

    private static ResponseStep Control(ResponseState state, ReadOnlySpan<byte> input, TrainHeader header)
    {
        if (input.Length < header.TotalLength)
            return new(state, ResponseAction.NeedMore);
        return MessageCodec.DecodeTrain(input[..header.TotalLength], Side.Server, state.Limits.MaximumControl).Case switch
        {
            Message.Meta meta => Described(state, meta, header.TotalLength),
            Message.Fin fin => End(state, fin, header.TotalLength),
            Message.Error(var failure) => Fail(state, new ResponseError.Refused(failure), header.TotalLength),
            MessageError error => Fail(state, new ResponseError.BadMessage(error)),
            _ => Fail(state, new ResponseError.UnexpectedKind(header.Kind)),
        };
    }

    private static ResponseStep Described(ResponseState state, Message.Meta meta, int consumed)
    {
        var request = state.Request;
        if (!request.IfIdentity.IsEmpty && meta.Identity != request.IfIdentity)
            return Fail(state, new ResponseError.Changed(request.IfIdentity, meta.Identity));
        if (meta.Algorithm != state.Algorithm)
            return Fail(state, new ResponseError.WrongAlgorithm(state.Algorithm, meta.Algorithm));
        if (request.Range.Offset > meta.Size)
            return Fail(state, new ResponseError.RangeOutside(request.Range.Offset, meta.Size));
        if (meta.TrainSize > state.Limits.MaximumTrain)
            return Fail(state, new ResponseError.BadTrain(new FramingError.LengthOutOfRange(meta.TrainSize, state.Limits.MaximumTrain)));
        var described = state with { At = Phase.Header, Meta = meta, Expected = request.Range.CoveredOf(meta.Size) };
        return new(described, ResponseAction.Meta, consumed);
    }

    private static ResponseStep End(ResponseState state, Message.Fin fin, int consumed)
    {
        if (fin.Total != state.Expected || state.Received != state.Expected)
            return Fail(state, new ResponseError.WrongTotal(fin.Total, state.Received, state.Expected));
        if (fin.Digest.Length != HashAlgorithms.DigestLength(state.Algorithm))
            return Fail(state, new ResponseError.WrongDigest(fin.Digest, default));
        return new(state with { At = Phase.Verify, Digest = fin.Digest }, ResponseAction.Fin, consumed);
    }

    private static ResponseStep Fail(in ResponseState state, ResponseError error, int consumed = 0) =>
        new(state.Fail(error), ResponseAction.Ended, consumed);
}
