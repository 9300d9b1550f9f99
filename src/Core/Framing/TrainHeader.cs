using LanguageExt;

namespace Trainyard.Core.Framing;

/// <summary>The four bytes before a train's body: its kind and how long the body is.</summary>
/// <remarks>
/// On the wire an unsigned 32-bit little-endian word, <c>kind &lt;&lt; 24 | length</c>; every word is a header.
/// <c>default</c> is the zero train: data of no length, which ends a file in the textbook dialects.
/// </remarks>
public readonly record struct TrainHeader
{
    /// <summary>Bytes of a header on the wire.</summary>
    public const int Size = 4;

    /// <summary>The longest body a header can announce, in bytes.</summary>
    public const int MaximumLength = (1 << LengthBits) - 1;

    private const int LengthBits = 24;

    private readonly uint _word;

    private TrainHeader(uint word) => _word = word;

    /// <summary>What the train carries.</summary>
    public TrainKind Kind => (TrainKind)(_word >> LengthBits);

    /// <summary>Bytes of the body, <c>0 ..= 2^24 - 1</c>.</summary>
    public int Length => (int)(_word & MaximumLength);

    /// <summary>Bytes of the whole train on the wire.</summary>
    public int TotalLength => Size + Length;

    /// <summary>Whether this is the zero train.</summary>
    public bool IsZero => _word == 0;

    /// <summary>Makes a header.</summary>
    /// <param name="kind">Any kind, named or not.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <returns>The header, or <see cref="FramingError.LengthOutOfRange"/> outside <c>0 ..= 2^24 - 1</c>.</returns>
    public static Either<FramingError, TrainHeader> Create(TrainKind kind, long length) =>
        length is >= 0 and <= MaximumLength
            ? Of(kind, (int)length)
            : new FramingError.LengthOutOfRange(length, MaximumLength);

    /// <summary>A header whose length the caller has checked.</summary>
    internal static TrainHeader Of(TrainKind kind, int length) => new(((uint)kind << LengthBits) | (uint)length);

    /// <summary>The header that a word of the wire, in host order, stands for.</summary>
    public static TrainHeader FromWord(uint word) => new(word);

    /// <summary>The word of the wire, in host order.</summary>
    public uint ToWord() => _word;

    /// <summary>Kind and length, for people.</summary>
    public override string ToString() => $"{Kind}[{Length}]";
}
