using System.Buffers;
using System.Buffers.Binary;

namespace Trainyard.Core.Framing;

/// <summary>Trains to bytes and back: a header (<see cref="TrainHeader"/>), then the body.</summary>
/// <remarks>
/// Decoding never copies a body and allocates nothing but the error of a refusal. The limit is checked as soon as the
/// header has arrived, so a hostile length costs nobody any memory.
/// </remarks>
public static class TrainCodec
{
    /// <summary>Writes a header to the start of <paramref name="destination"/>.</summary>
    /// <returns>Whether there was room for its 4 bytes; nothing is written otherwise.</returns>
    public static bool TryEncode(TrainHeader header, Span<byte> destination) =>
        BinaryPrimitives.TryWriteUInt32LittleEndian(destination, header.ToWord());

    /// <summary>Appends a header.</summary>
    public static void Write(IBufferWriter<byte> output, TrainHeader header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(TrainHeader.Size), header.ToWord());
        output.Advance(TrainHeader.Size);
    }

    /// <summary>Appends a whole train.</summary>
    /// <returns><c>null</c>, or why nothing was written: a body longer than a header can announce.</returns>
    public static FramingError? Write(IBufferWriter<byte> output, TrainKind kind, ReadOnlySpan<byte> body)
    {
        if (body.Length > TrainHeader.MaximumLength)
            return new FramingError.LengthOutOfRange(body.Length, TrainHeader.MaximumLength);
        Write(output, TrainHeader.Of(kind, body.Length));
        output.Write(body);
        return null;
    }

    /// <summary>Decodes the header at the start of <paramref name="input"/>.</summary>
    public static HeaderDecoding DecodeHeader(ReadOnlySpan<byte> input, TrainLimits limits) =>
        BinaryPrimitives.TryReadUInt32LittleEndian(input, out var word)
            ? HeaderDecoding.Of(TrainHeader.FromWord(word), limits)
            : HeaderDecoding.NeedMore(TrainHeader.Size - input.Length);

    /// <summary>Decodes the header at the start of <paramref name="input"/>, in however many segments it lies.</summary>
    public static HeaderDecoding DecodeHeader(in ReadOnlySequence<byte> input, TrainLimits limits)
    {
        if (input.FirstSpan.Length >= TrainHeader.Size || input.IsSingleSegment)
            return DecodeHeader(input.FirstSpan, limits);
        Span<byte> gathered = stackalloc byte[TrainHeader.Size];
        var count = (int)Math.Min(input.Length, TrainHeader.Size);
        input.Slice(0, count).CopyTo(gathered);
        return DecodeHeader(gathered[..count], limits);
    }

    /// <summary>Decodes the train at the start of <paramref name="input"/>.</summary>
    public static TrainDecoding Decode(in ReadOnlySequence<byte> input, TrainLimits limits)
    {
        var header = DecodeHeader(input, limits);
        if (header.Status == DecodeStatus.Refused)
            return TrainDecoding.Refused(header);
        if (header.Status == DecodeStatus.NeedMore)
            return TrainDecoding.NeedMore(default, input.Length, header.Needed);
        var missing = header.Header.TotalLength - input.Length;
        return missing > 0
            ? TrainDecoding.NeedMore(header.Header, input.Length, missing)
            : TrainDecoding.Done(header, input.Slice(TrainHeader.Size, header.Header.Length));
    }
}
