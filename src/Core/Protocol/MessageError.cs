using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

/// <summary>Why a control train is no message. The peer's fault, or that of a newer version.</summary>
public abstract record MessageError
{
    private MessageError() { }

    /// <summary>No message of that side has this kind.</summary>
    public sealed record UnexpectedKind(TrainKind Kind, Side From) : MessageError;

    /// <summary>The body is longer than allowed.</summary>
    /// <param name="Length">Its length, in bytes.</param>
    /// <param name="Limit">The limit, in bytes.</param>
    public sealed record TooLong(int Length, int Limit) : MessageError;

    /// <summary>The checksum is not that of the train: bytes of it have been changed on their way.</summary>
    public sealed record Damaged : MessageError;

    /// <summary>The bytes are not CBOR as it is used here: cut off, an indefinite length, a number not in its shortest form.</summary>
    /// <param name="Position">Where, in bytes from the start of the body.</param>
    public sealed record Malformed(int Position) : MessageError;

    /// <summary>A map is wanted and something else found, or a key is no integer.</summary>
    /// <param name="Position">Where, in bytes from the start of the body.</param>
    public sealed record NotAMap(int Position) : MessageError;

    /// <summary>Bytes follow the message.</summary>
    /// <param name="Position">Where, in bytes from the start of the body.</param>
    public sealed record Trailing(int Position) : MessageError;

    /// <summary>A key is there twice.</summary>
    public sealed record DuplicateKey(int Key) : MessageError;

    /// <summary>A key that must be there is not.</summary>
    public sealed record MissingKey(int Key) : MessageError;

    /// <summary>A value has another type than its key wants.</summary>
    public sealed record WrongType(int Key) : MessageError;

    /// <summary>A number, or the length of a value, is outside its bounds.</summary>
    public sealed record OutOfRange(int Key) : MessageError;

    /// <summary>A value is no path.</summary>
    public sealed record BadPath(int Key, PathError Error) : MessageError;
}
