using System.Buffers.Binary;
using Trainyard.Core.Framing;
using Phase = Trainyard.Core.Textbook.ReceiverState.Phase;

namespace Trainyard.Core.Textbook;

/// <summary>The rules of receiving one file in a textbook dialect. Pure: same state and input, same step.</summary>
/// <remarks>
/// <para>1. One call finds one item at the start of the input: a name, a size, file bytes (with the header before them), the end.
/// The caller keeps what was not consumed and calls again with it, so it needs a buffer of at least
/// <see cref="SmallestBuffer"/> bytes; file data is never kept or copied here.</para>
/// <para>2. A length is judged by the header alone. Only the zero train, at its place and with the announced size reached,
/// makes a whole file; the end of the stream never does.</para>
/// <para>3. What follows the end is never looked at, so the verdict does not depend on how the stream was sliced.</para>
/// <para>4. Once ended, nothing changes.</para>
/// </remarks>
public static class ReceiverMachine
{
    /// <summary>The longest item that must lie in the input as a whole, in bytes: a name train.</summary>
    public const int SmallestBuffer = TrainHeader.Size + FileName.MaximumLength;

    /// <summary>Finds the item at the start of <paramref name="input"/>, all bytes that have come and were not consumed.</summary>
    public static ReceiverStep Read(in ReceiverState state, ReadOnlySpan<byte> input) =>
        state.At switch
        {
            Phase.Data => Data(state, input, dataOffset: 0, state.ExpectedData),
            Phase.Finished => new(state, ReceiverAction.Finished),
            Phase.Refused => new(state, ReceiverAction.Refused),
            _ => Header(state, input),
        };

    /// <summary>Accounts for file bytes that were moved past <see cref="Read"/>.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="count">How many, <c>0 ..= state.ExpectedData</c>.</param>
    public static ReceiverState Moved(ReceiverState state, long count)
    {
        if (state.IsEnded || count == 0)
            return state;
        if (count < 0 || count > state.ExpectedData)
            return state.Refuse(new ReceiverError.Miscounted(count, state.ExpectedData));
        return Add(state, count, state.ExpectedData - count);
    }

    /// <summary>The peer has closed its sending side, and <see cref="Read"/> has seen everything that came before.</summary>
    public static ReceiverState EndOfStream(ReceiverState state) =>
        state.IsEnded ? state : state.Refuse(Truncation(state));

    /// <summary>The connection broke.</summary>
    public static ReceiverState ConnectionLost(ReceiverState state, int errno) =>
        state.IsEnded ? state : state.Refuse(new ReceiverError.ConnectionLost(errno));

    private static ReceiverStep Header(in ReceiverState state, ReadOnlySpan<byte> input)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(input, out var length))
            return NeedMore(state, input, TrainHeader.Size);
        if (state.At == Phase.End)
            return length == 0 ? Finish(state) : Refuse(state, new ReceiverError.MissingEndTrain(length));
        if (length is < 0 or > TextbookWire.Car)
            return Refuse(state, new ReceiverError.LengthOutOfRange(length, TextbookWire.Car));
        return state.At switch
        {
            Phase.Name => Name(state, input, length),
            Phase.Size => Size(state, input, length),
            _ => length == 0 ? EndTrain(state) : DataTrain(state, input, length),
        };
    }

    private static ReceiverStep Name(ReceiverState state, ReadOnlySpan<byte> input, int length)
    {
        if (FileName.CheckLength(length) is { } wrongLength)
            return Refuse(state, new ReceiverError.BadName(wrongLength));
        var end = TrainHeader.Size + length;
        if (input.Length < end)
            return NeedMore(state, input, end);
        return FileName.Create(input[TrainHeader.Size..end]).Match(
            Right: name => new ReceiverStep(
                At(state, TextbookWire.AnnouncesSize(state.Dialect) ? Phase.Size : Phase.Header) with { Name = name },
                ReceiverAction.Named,
                end),
            Left: error => Refuse(state, new ReceiverError.BadName(error)));
    }

    private static ReceiverStep Size(ReceiverState state, ReadOnlySpan<byte> input, int length)
    {
        if (length != TextbookWire.SizeBody)
            return Refuse(state, new ReceiverError.SizeTrainLength(length));
        if (!BinaryPrimitives.TryReadInt64LittleEndian(input[TrainHeader.Size..], out var size))
            return NeedMore(state, input, TrainHeader.Size + TextbookWire.SizeBody);
        if (size < 0)
            return Refuse(state, new ReceiverError.NegativeSize(size));
        var next = state.Dialect != Dialect.Whole ? Phase.Header : size > 0 ? Phase.Data : Phase.End;
        var sized = At(state, next) with { HasSize = true, Announced = size, ExpectedData = next == Phase.Data ? size : 0 };
        return new(sized, ReceiverAction.Sized, TrainHeader.Size + TextbookWire.SizeBody);
    }

    private static ReceiverStep DataTrain(in ReceiverState state, ReadOnlySpan<byte> input, int length)
    {
        if (state.HasSize && length > state.Announced - state.Received)
            return Refuse(state, new ReceiverError.MoreThanAnnounced(state.Announced, state.Received + length));
        return Data(state, input, TrainHeader.Size, length);
    }

    private static ReceiverStep Data(in ReceiverState state, ReadOnlySpan<byte> input, int dataOffset, long expected)
    {
        var count = (int)Math.Min(input.Length - dataOffset, expected);
        var next = Add(state, count, expected - count);
        return count == 0
            ? new(next, ReceiverAction.NeedMore, consumed: dataOffset, needed: 1)
            : new(next, ReceiverAction.Data, dataOffset + count, dataOffset);
    }

    private static ReceiverState Add(in ReceiverState state, long count, long left) =>
        state with
        {
            At = left > 0 ? Phase.Data : state.Dialect == Dialect.Whole ? Phase.End : Phase.Header,
            Received = state.Received + count,
            ExpectedData = left,
            Pending = 0,
            Missing = 0,
        };

    private static ReceiverStep EndTrain(ReceiverState state) =>
        state.HasSize && state.Received < state.Announced
            ? Refuse(state, new ReceiverError.LessThanAnnounced(state.Announced, state.Received))
            : Finish(state);

    private static ReceiverStep Finish(ReceiverState state) =>
        new(At(state, Phase.Finished), ReceiverAction.Finished, TrainHeader.Size);

    private static ReceiverStep Refuse(ReceiverState state, ReceiverError error) => new(state.Refuse(error), ReceiverAction.Refused);

    private static ReceiverStep NeedMore(ReceiverState state, ReadOnlySpan<byte> input, int itemLength)
    {
        var missing = itemLength - input.Length;
        return new(state with { Pending = input.Length, Missing = missing }, ReceiverAction.NeedMore, needed: missing);
    }

    private static ReceiverState At(ReceiverState state, Phase next) => state with { At = next, Pending = 0, Missing = 0 };

    private static ReceiverError.Truncated Truncation(ReceiverState state) =>
        state.At == Phase.Data
            ? new(ReceiverItem.FileData, state.Received, state.Received + state.ExpectedData)
            : new(Item(state.At), state.Pending, state.Pending + (state.Missing > 0 ? state.Missing : TrainHeader.Size));

    private static ReceiverItem Item(Phase phase) =>
        phase switch
        {
            Phase.Name => ReceiverItem.NameTrain,
            Phase.Size => ReceiverItem.SizeTrain,
            Phase.End => ReceiverItem.EndTrain,
            _ => ReceiverItem.TrainHeader,
        };
}
