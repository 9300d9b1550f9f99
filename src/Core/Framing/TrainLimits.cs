using LanguageExt;

namespace Trainyard.Core.Framing;

/// <summary>Which trains a receiver accepts. Checked against a header alone, before any of the body is awaited or stored.</summary>
/// <remarks><c>default</c> accepts trains of any kind without a body.</remarks>
public readonly record struct TrainLimits
{
    private TrainLimits(int maximumLength, bool isTextbook)
    {
        MaximumLength = maximumLength;
        IsTextbook = isTextbook;
    }

    /// <summary>The chapter's trains: a signed 32-bit length of at most 1000 and no kind.</summary>
    public static TrainLimits Textbook { get; } = new(maximumLength: 1000, isTextbook: true);

    /// <summary>The longest body, in bytes, <c>0 ..= 2^24 - 1</c>.</summary>
    public int MaximumLength { get; }

    /// <summary>Whether a header is the chapter's plain signed length, so that a kind other than data reads as a length out of range.</summary>
    public bool IsTextbook { get; }

    /// <summary>Limits for trains of any kind.</summary>
    /// <returns>The limits, or <see cref="FramingError.LengthOutOfRange"/> outside <c>0 ..= 2^24 - 1</c>.</returns>
    public static Either<FramingError, TrainLimits> Create(long maximumLength) =>
        maximumLength is >= 0 and <= TrainHeader.MaximumLength
            ? new TrainLimits((int)maximumLength, isTextbook: false)
            : new FramingError.LengthOutOfRange(maximumLength, TrainHeader.MaximumLength);

    /// <summary>Whether a train with this header is accepted.</summary>
    public bool Allow(TrainHeader header) => Announced(header) is var length && length >= 0 && length <= MaximumLength;

    /// <summary>Why a train with this header is not accepted; meaningless for one that is.</summary>
    internal FramingError Refusal(TrainHeader header) => new FramingError.LengthOutOfRange(Announced(header), MaximumLength);

    private int Announced(TrainHeader header) => IsTextbook ? (int)header.ToWord() : header.Length;
}
