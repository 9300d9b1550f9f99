using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

/// <summary>Why the answer to a GET gave no file.</summary>
public abstract record ResponseError
{
    private ResponseError() { }

    /// <summary>The server says that it failed. The session goes on.</summary>
    public sealed record Refused(Failure Failure) : ResponseError;

    /// <summary>A train that is none, or longer than allowed.</summary>
    public sealed record BadTrain(FramingError Error) : ResponseError;

    /// <summary>A control train that is no message.</summary>
    public sealed record BadMessage(MessageError Error) : ResponseError;

    /// <summary>A train that may not come here.</summary>
    public sealed record UnexpectedKind(TrainKind Kind) : ResponseError;

    /// <summary>The file is not the one that was meant.</summary>
    /// <param name="Wanted">The identity asked for.</param>
    /// <param name="Got">The identity announced.</param>
    public sealed record Changed(Opaque Wanted, Opaque Got) : ResponseError;

    /// <summary>The digest is computed in another way than was asked for.</summary>
    public sealed record WrongAlgorithm(HashAlgorithm Wanted, HashAlgorithm Got) : ResponseError;

    /// <summary>The file ends before the range begins, and the server did not say so.</summary>
    /// <param name="Offset">Where the range begins, in bytes.</param>
    /// <param name="Size">The file's size, in bytes.</param>
    public sealed record RangeOutside(long Offset, long Size) : ResponseError;

    /// <summary>A data train is not as long as the train size and the range say.</summary>
    /// <param name="Length">Its length, in bytes.</param>
    /// <param name="Expected">What it should be, in bytes; 0 where no more data is due.</param>
    public sealed record TrainLength(int Length, long Expected) : ResponseError;

    /// <summary>The end comes with another total than the range has, or before all of it came.</summary>
    /// <param name="Total">The total announced, in bytes.</param>
    /// <param name="Received">File bytes that came.</param>
    /// <param name="Expected">File bytes of the range.</param>
    public sealed record WrongTotal(long Total, long Received, long Expected) : ResponseError;

    /// <summary>The digest of what came is not the announced one, or one of them is missing.</summary>
    public sealed record WrongDigest(Opaque Announced, Opaque Computed) : ResponseError;

    /// <summary>The stream ended before the response did.</summary>
    /// <param name="Received">File bytes that came: from behind them on the download can be resumed.</param>
    public sealed record Truncated(long Received) : ResponseError;

    /// <summary>More bytes were said to be moved than were expected, or fewer than none. Our own fault.</summary>
    public sealed record Miscounted(long Count, long Expected) : ResponseError;
}
