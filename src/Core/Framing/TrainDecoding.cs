using System.Buffers;

namespace Trainyard.Core.Framing;

/// <summary>What became of decoding one whole train.</summary>
/// <remarks><c>default</c> is a decoded zero train.</remarks>
public readonly struct TrainDecoding
{
    private readonly long _got;

    private TrainDecoding(HeaderDecoding header, ReadOnlySequence<byte> body)
    {
        Status = header.Status;
        Header = header.Header;
        Body = body;
        Error = header.Error;
    }

    private TrainDecoding(TrainHeader header, long got, long needed)
    {
        Status = DecodeStatus.NeedMore;
        Header = header;
        Needed = needed;
        _got = got;
    }

    /// <summary>How far decoding came.</summary>
    public DecodeStatus Status { get; }

    /// <summary>The train's header; the zero train while it has not arrived, and when it is refused.</summary>
    public TrainHeader Header { get; }

    /// <summary>The body where it lies in the input, without a copy. Its end is where the next train begins.</summary>
    public ReadOnlySequence<byte> Body { get; }

    /// <summary>
    /// How many more bytes to the end of the header, or of the train where the header has arrived; at least 1.
    /// 0 unless <see cref="DecodeStatus.NeedMore"/>.
    /// </summary>
    public long Needed { get; }

    /// <summary>Why the train is refused; <c>null</c> unless <see cref="DecodeStatus.Refused"/>.</summary>
    public FramingError? Error { get; }

    /// <summary>What it means if the stream ends with this input.</summary>
    /// <returns><see cref="FramingError.Truncated"/> inside a train, the refusal where there is one, <c>null</c> between trains.</returns>
    public FramingError? AtEndOfStream() => _got > 0 ? new FramingError.Truncated(_got, Needed) : Error;

    internal static TrainDecoding Done(HeaderDecoding header, ReadOnlySequence<byte> body) => new(header, body);

    internal static TrainDecoding NeedMore(TrainHeader header, long got, long needed) => new(header, got, needed);

    internal static TrainDecoding Refused(HeaderDecoding header) => new(header, default);
}
