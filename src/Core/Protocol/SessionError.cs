using System.Globalization;
using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

/// <summary>Why a session cannot go on. What was being answered is lost; a new session may ask again.</summary>
public abstract record SessionError
{
    private SessionError() { }

    /// <summary>A train longer than allowed.</summary>
    public sealed record BadTrain(FramingError Error) : SessionError;

    /// <summary>A control train that is no message.</summary>
    public sealed record BadMessage(MessageError Error) : SessionError;

    /// <summary>A train that may not come here.</summary>
    public sealed record UnexpectedKind(TrainKind Kind) : SessionError;

    /// <summary>No version of the protocol is spoken by both sides.</summary>
    /// <param name="Lowest">The lowest version of the other side.</param>
    /// <param name="Highest">The highest version of the other side.</param>
    public sealed record NoCommonVersion(int Lowest, int Highest) : SessionError;

    /// <summary>No hash algorithm is known to both sides.</summary>
    public sealed record NoCommonHash : SessionError;

    /// <summary>The other side says that the session fails, outside of any answer.</summary>
    public sealed record Refused(Failure Failure) : SessionError;

    /// <summary>An answer that cannot be the answer to what was asked.</summary>
    /// <param name="Error">What is wrong with it.</param>
    public sealed record BadAnswer(ResponseError Error) : SessionError;

    /// <summary>More bytes of an upload came than were announced, or its end announces another number than came.</summary>
    /// <param name="Announced">The number announced, in bytes.</param>
    /// <param name="Received">The number that came, in bytes.</param>
    public sealed record WrongTotal(long Announced, long Received) : SessionError;

    /// <summary>The stream ended inside a train, or before an answer was complete.</summary>
    public sealed record Truncated : SessionError;

    /// <summary>The other side let a time limit pass.</summary>
    /// <param name="Limit">Which one.</param>
    /// <param name="After">How long it was.</param>
    public sealed record TimedOut(SessionTimer Limit, TimeSpan After) : SessionError;

    /// <summary>The session was used in an order that makes no sense. Our own fault.</summary>
    public sealed record Misused(string What) : SessionError;

    /// <summary>The failure that tells the other side; <c>null</c> where it has told us, or is gone.</summary>
    public Failure? ToFailure() =>
        this switch
        {
            BadTrain(FramingError.LengthOutOfRange) => Failure.Of(ErrorCode.TooLarge, "a train is longer than allowed"),
            BadTrain => Failure.Of(ErrorCode.Protocol, "no train"),
            BadMessage(MessageError.Damaged) => Failure.Of(ErrorCode.Integrity, "a control train is damaged"),
            BadMessage(MessageError.BadPath) => Failure.Of(ErrorCode.Usage, "not a path"),
            BadMessage(MessageError.UnexpectedKind) => Failure.Of(ErrorCode.Unsupported, "unknown kind of train"),
            BadMessage(var error) => Failure.Of(ErrorCode.Protocol, $"bad message: {error.GetType().Name}"),
            UnexpectedKind(var kind) => Failure.Of(ErrorCode.Protocol, $"unexpected train of kind {(int)kind}"),
            NoCommonVersion => Failure.Of(ErrorCode.Version, $"this side speaks version {MessageCodec.Version}"),
            NoCommonHash => Failure.Of(ErrorCode.Unsupported, "no common hash algorithm"),
            BadAnswer => Failure.Of(ErrorCode.Protocol, "not an answer"),
            WrongTotal(var announced, var received) => Failure.Of(ErrorCode.Protocol, Text($"{announced} bytes announced, {received} received")),
            TimedOut(var limit, var after) => Failure.Of(ErrorCode.Timeout, Text($"{limit.Describe()} took longer than {after.TotalSeconds:0.#} s")),
            Misused => Failure.Of(ErrorCode.Internal),
            _ => null,
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
