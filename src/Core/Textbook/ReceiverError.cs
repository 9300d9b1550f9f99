namespace Trainyard.Core.Textbook;

/// <summary>Why a stream gave no whole file. The peer's or the network's fault, except where a case says otherwise.</summary>
public abstract record ReceiverError
{
    private ReceiverError() { }

    /// <summary>A train announces a negative length or one above the limit. A header of another kind reads as one.</summary>
    /// <param name="Announced">The length as a signed 32-bit number, in bytes.</param>
    /// <param name="Limit">The longest train, in bytes.</param>
    public sealed record LengthOutOfRange(int Announced, int Limit) : ReceiverError;

    /// <summary>The name is none that a file may have.</summary>
    public sealed record BadName(FileNameError Error) : ReceiverError;

    /// <summary>The size train's body is not an 8-byte number.</summary>
    /// <param name="Got">Its length in bytes.</param>
    public sealed record SizeTrainLength(int Got) : ReceiverError;

    /// <summary>The announced size is negative.</summary>
    /// <param name="Size">The size, in bytes.</param>
    public sealed record NegativeSize(long Size) : ReceiverError;

    /// <summary>The trains carry more than the announced size.</summary>
    /// <param name="Announced">The announced size, in bytes.</param>
    /// <param name="Got">File bytes with the train that is too much.</param>
    public sealed record MoreThanAnnounced(long Announced, long Got) : ReceiverError;

    /// <summary>The zero train comes before the announced size is reached.</summary>
    /// <param name="Announced">The announced size, in bytes.</param>
    /// <param name="Got">File bytes before the zero train.</param>
    public sealed record LessThanAnnounced(long Announced, long Got) : ReceiverError;

    /// <summary>After the announced bytes comes something else than the zero train.</summary>
    /// <param name="Word">The four bytes as a signed 32-bit number.</param>
    public sealed record MissingEndTrain(int Word) : ReceiverError;

    /// <summary>The stream ended before the file did.</summary>
    /// <param name="Where">What was being read.</param>
    /// <param name="Got">Bytes of it that had come; for file data, file bytes since the beginning.</param>
    /// <param name="Wanted">Bytes it takes as far as is known; for file data, file bytes to the end of the train, or of the file without trains.</param>
    public sealed record Truncated(ReceiverItem Where, long Got, long Wanted) : ReceiverError;

    /// <summary>The connection broke.</summary>
    /// <param name="Errno">The error number.</param>
    public sealed record ConnectionLost(int Errno) : ReceiverError;

    /// <summary>The dialect carries no file. Our own fault.</summary>
    public sealed record NoFileDialect(Dialect Dialect) : ReceiverError;

    /// <summary>More bytes were said to be moved than were expected, or fewer than none. Our own fault.</summary>
    /// <param name="Count">The count, in bytes.</param>
    /// <param name="Expected">The most it could have been.</param>
    public sealed record Miscounted(long Count, long Expected) : ReceiverError;
}
