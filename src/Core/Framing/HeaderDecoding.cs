namespace Trainyard.Core.Framing;

/// <summary>What became of decoding one header.</summary>
/// <remarks><c>default</c> is a decoded zero train.</remarks>
public readonly record struct HeaderDecoding
{
    private HeaderDecoding(DecodeStatus status, TrainHeader header, int needed, FramingError? error)
    {
        Status = status;
        Header = header;
        Needed = needed;
        Error = error;
    }

    /// <summary>How far decoding came.</summary>
    public DecodeStatus Status { get; }

    /// <summary>The header; the zero train unless <see cref="DecodeStatus.Done"/>.</summary>
    public TrainHeader Header { get; }

    /// <summary>How many more bytes the header takes, <c>1 ..= 4</c>; 0 unless <see cref="DecodeStatus.NeedMore"/>.</summary>
    public int Needed { get; }

    /// <summary>Why the header is refused; <c>null</c> unless <see cref="DecodeStatus.Refused"/>.</summary>
    public FramingError? Error { get; }

    internal static HeaderDecoding Of(TrainHeader header, TrainLimits limits) =>
        limits.Allow(header)
            ? new(DecodeStatus.Done, header, 0, null)
            : new(DecodeStatus.Refused, default, 0, limits.Refusal(header));

    internal static HeaderDecoding NeedMore(int needed) => new(DecodeStatus.NeedMore, default, needed, null);
}
