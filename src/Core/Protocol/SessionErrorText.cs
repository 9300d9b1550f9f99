using System.Globalization;
using Trainyard.Core.Framing;
using Trainyard.Core.Textbook;

namespace Trainyard.Core.Protocol;

/// <summary>Every error of a session and of what is received in one as one English sentence.</summary>
/// <remarks>
/// Safe to print on a terminal: the only foreign words are those of <see cref="Failure.Text"/>, escaped (<see cref="SafeText"/>). Numbers are
/// written without regard to the user's culture. Pure and thread-safe.
/// </remarks>
public static class SessionErrorText
{
    /// <summary>Why a session cannot go on.</summary>
    public static string Sentence(SessionError error) =>
        error switch
        {
            SessionError.BadTrain e => Sentence(e.Error),
            SessionError.BadMessage e => Sentence(e.Error),
            SessionError.UnexpectedKind e => Text($"A train of kind {(int)e.Kind} came where none may come."),
            SessionError.NoCommonVersion e =>
                Text($"This side speaks version {MessageCodec.Version} of the protocol, the other side {Versions(e.Lowest, e.Highest)}."),
            SessionError.NoCommonHash => "No hash algorithm is known to both sides.",
            SessionError.Refused e => e.Failure.Sentence,
            SessionError.BadAnswer e => Sentence(e.Error),
            SessionError.WrongTotal e => Text($"Announced were {e.Announced}, but {e.Received} came."),
            SessionError.Truncated => "The connection ended before everything had come.",
            SessionError.TimedOut e => Text($"The wait for {e.Limit.Describe()} took longer than {e.After.TotalSeconds:0.###} s."),
            SessionError.Misused e => $"Internal error: {e.What}.",
            _ => error.ToString(),
        };

    /// <summary>Why the answer to a GET gave no file.</summary>
    public static string Sentence(ResponseError error) =>
        error switch
        {
            ResponseError.Refused e => e.Failure.Sentence,
            ResponseError.BadTrain e => Sentence(e.Error),
            ResponseError.BadMessage e => Sentence(e.Error),
            ResponseError.UnexpectedKind e => Text($"A train of kind {(int)e.Kind} came inside of a file."),
            ResponseError.Changed => "The file is not the one that was meant: it has been changed or replaced.",
            ResponseError.WrongAlgorithm e => $"The digest is computed by {Name(e.Got)} instead of {Name(e.Wanted)}.",
            ResponseError.RangeOutside e => Text($"The file ends at byte {e.Size}, before the range begins at byte {e.Offset}."),
            ResponseError.TrainLength e => Text($"A train of the file has {e.Length} bytes instead of {e.Expected}."),
            ResponseError.WrongTotal e => Text($"The file was ended with {e.Total} bytes; {e.Received} of {e.Expected} came."),
            ResponseError.WrongDigest { Computed.IsEmpty: true } => "A digest is missing or has the wrong length.",
            ResponseError.WrongDigest => "The bytes are not those that were sent: their digest is another one.",
            ResponseError.Truncated e => Text($"The connection ended inside of the file, after {e.Received} bytes of it."),
            ResponseError.Miscounted e => Text($"Internal error: {e.Count} bytes moved where 0 to {e.Expected} were expected."),
            _ => error.ToString(),
        };

    /// <summary>Why a control train is no message.</summary>
    public static string Sentence(MessageError error) =>
        error switch
        {
            MessageError.UnexpectedKind e => Text($"A {(e.From == Side.Client ? "client" : "server")} sends no trains of kind {(int)e.Kind}."),
            MessageError.TooLong e => Text($"A message has {e.Length} bytes; at most {e.Limit} are allowed."),
            MessageError.Damaged => "A message was damaged on its way: its checksum is another one.",
            MessageError.Malformed e => Text($"A message is malformed at byte {e.Position}."),
            MessageError.NotAMap e => Text($"A message has no map with numbered keys at byte {e.Position}."),
            MessageError.Trailing e => Text($"A message ends at byte {e.Position}, but more follows."),
            MessageError.DuplicateKey e => Text($"A message has key {e.Key} twice."),
            MessageError.MissingKey e => Text($"A message lacks key {e.Key}."),
            MessageError.WrongType e => Text($"A message has a value of another type at key {e.Key}."),
            MessageError.OutOfRange e => Text($"A message has a value out of bounds at key {e.Key}."),
            MessageError.BadPath e => Text($"A message has no valid path at key {e.Key}: {Sentence(e.Error)}"),
            _ => error.ToString(),
        };

    /// <summary>Why bytes are not a path.</summary>
    public static string Sentence(PathError error) =>
        error switch
        {
            PathError.Empty => "The path is empty.",
            PathError.TooLong e => Text($"The path has {e.Length} bytes; at most {e.Limit} are possible."),
            PathError.Absolute => "The path begins with \"/\", but must lie below the served root.",
            PathError.EmptyComponent e => Text($"The path has an empty name at byte {e.Position}."),
            PathError.Dots e => Text($"The path has the name \".\" or \"..\" at byte {e.Position}."),
            PathError.ComponentTooLong e =>
                Text($"The path has a name of {e.Length} bytes at byte {e.Position}; at most {RemotePath.MaximumComponent} are possible."),
            PathError.Nul e => Text($"The path has a NUL at byte {e.Position}."),
            _ => error.ToString(),
        };

    /// <summary>Why bytes are not a train.</summary>
    public static string Sentence(FramingError error) => TextbookErrorText.Sentence(error);

    private static string Versions(int lowest, int highest) => lowest == highest ? Text($"version {lowest}") : Text($"versions {lowest} to {highest}");

    private static string Name(HashAlgorithm algorithm) =>
        algorithm switch
        {
            HashAlgorithm.Xxh128 => "XXH128",
            HashAlgorithm.Sha256 => "SHA-256",
            HashAlgorithm.Md5 => "MD5",
            _ => Text($"algorithm {(int)algorithm}"),
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
