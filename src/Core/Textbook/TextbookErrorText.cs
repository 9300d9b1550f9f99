using System.Globalization;
using Trainyard.Core.Framing;

namespace Trainyard.Core.Textbook;

/// <summary>Every end and error of the textbook dialects as one English sentence.</summary>
/// <remarks>
/// Error numbers stand as <c>errno 32</c>; the shell adds the system's words. No foreign byte enters a sentence except through
/// <see cref="SafeText"/>. Numbers are written without regard to the user's culture.
/// </remarks>
public static class TextbookErrorText
{
    /// <summary>How the sending of <paramref name="name"/> ended.</summary>
    public static string Sentence(FileName name, SenderOutcome outcome) => Text($"{name.Display}: {Sentence(outcome)}");

    /// <summary>Why <paramref name="name"/> was not received whole.</summary>
    public static string Sentence(FileName name, ReceiverError error) => Text($"{name.Display}: {Sentence(error)}");

    /// <summary>How the sending of a file ended.</summary>
    public static string Sentence(SenderOutcome outcome) =>
        outcome switch
        {
            SenderOutcome.Completed o => Text($"Sent {o.FileBytes} bytes of the file in {o.WireBytes} bytes on the wire."),
            SenderOutcome.Unavailable o => Text($"The file cannot be opened (errno {o.Errno})."),
            SenderOutcome.Unsendable o => Sentence(o.Error),
            SenderOutcome.Shrank o => Text($"The file shrank while it was sent: it now ends at byte {o.AtOffset}."),
            SenderOutcome.Changed => "The file was changed while it was sent.",
            SenderOutcome.ReadFailed o => Text($"The file cannot be read (errno {o.Errno})."),
            SenderOutcome.PeerGone o => Text($"The peer left after {o.WireBytes} bytes (errno {o.Errno})."),
            SenderOutcome.Stalled o => Text($"The peer took nothing for {o.For.TotalSeconds} s after {o.WireBytes} bytes."),
            SenderOutcome.Broken o => Text($"Internal error: a count of {o.Count} bytes where at most {o.Limit} were possible."),
            _ => outcome.ToString(),
        };

    /// <summary>Why a stream gave no whole file.</summary>
    public static string Sentence(ReceiverError error) =>
        error switch
        {
            ReceiverError.LengthOutOfRange e => Sentence(new FramingError.LengthOutOfRange(e.Announced, e.Limit)),
            ReceiverError.BadName e => Sentence(e.Error),
            ReceiverError.SizeTrainLength e => Text($"The size train has {e.Got} bytes instead of {TextbookWire.SizeBody}."),
            ReceiverError.NegativeSize e => Text($"The announced size is negative ({e.Size})."),
            ReceiverError.MoreThanAnnounced e => Text($"The file was announced with {e.Announced} bytes, but {e.Got} come."),
            ReceiverError.LessThanAnnounced e => Text($"The file was announced with {e.Announced} bytes, but ends after {e.Got}."),
            ReceiverError.MissingEndTrain e => Text($"After the announced bytes comes {e.Word} instead of the zero train."),
            ReceiverError.Truncated e => Text($"The stream ended in {Where(e.Where)}: {e.Got} of {e.Wanted} bytes came."),
            ReceiverError.ConnectionLost e => Text($"The connection broke (errno {e.Errno})."),
            ReceiverError.NoFileDialect e => Sentence(new LayoutError.NoFileDialect(e.Dialect)),
            ReceiverError.Miscounted e => Text($"Internal error: {e.Count} bytes moved where at most {e.Expected} were expected."),
            _ => error.ToString(),
        };

    /// <summary>Why bytes are not a file's name.</summary>
    public static string Sentence(FileNameError error) =>
        error switch
        {
            FileNameError.Empty => "The file name is empty.",
            FileNameError.TooLong e => Text($"The file name has {e.Length} bytes; at most {e.Limit} are possible."),
            FileNameError.Directory e => Text($"The file name is \"{new string('.', Math.Clamp(e.Dots, 1, 2))}\", a directory."),
            FileNameError.Separator e => Text($"The file name has a \"/\" at byte {e.Position}."),
            FileNameError.Control e => Text($"The file name has the control character 0x{e.Value:x2} at byte {e.Position}."),
            _ => error.ToString(),
        };

    /// <summary>Why bytes are not a train.</summary>
    public static string Sentence(FramingError error) =>
        error switch
        {
            FramingError.LengthOutOfRange e => Text($"A train announces {e.Announced} bytes; 0 to {e.Limit} are allowed."),
            FramingError.Truncated e => Text($"The stream ended inside a train: {e.Got} bytes came, {e.Missing} are missing."),
            _ => error.ToString(),
        };

    /// <summary>Why a file has no response.</summary>
    public static string Sentence(LayoutError error) =>
        error switch
        {
            LayoutError.NoFileDialect e => Text($"The dialect {e.Dialect} carries no file."),
            LayoutError.NegativeSize e => Text($"The file's size is negative ({e.Size})."),
            LayoutError.TooLarge e => Text($"The file is too large to be sent ({e.Size} bytes)."),
            _ => error.ToString(),
        };

    /// <summary>How an echo ended, as the server sees it.</summary>
    public static string Sentence(EchoOutcome outcome) =>
        outcome switch
        {
            EchoOutcome.Completed o => Text($"Returned {o.Returned} bytes."),
            EchoOutcome.PeerGone o => Text($"The peer left after {o.Returned} bytes (errno {o.Errno})."),
            EchoOutcome.Stalled o => Text($"Nothing moved for {o.For.TotalSeconds} s after {o.Returned} bytes."),
            EchoOutcome.Broken o => Text($"Internal error: a count of {o.Count} bytes where 1 to {o.Limit} were possible."),
            _ => outcome.ToString(),
        };

    /// <summary>How an echo ended, as the client sees it.</summary>
    public static string Sentence(EchoReceiverOutcome outcome) =>
        outcome switch
        {
            EchoReceiverOutcome.Completed o => Text($"All {o.Bytes} bytes came back as they were sent."),
            EchoReceiverOutcome.Truncated o => Text($"Only {o.Returned} of {o.Sent} bytes came back."),
            EchoReceiverOutcome.EndedEarly o => Text($"The server ended after {o.Bytes} bytes, before everything was sent."),
            EchoReceiverOutcome.Excess o => Text($"More came back than was sent: {o.Returned} of {o.Sent} bytes."),
            EchoReceiverOutcome.Altered o => Text($"All {o.Bytes} bytes came back, but not as they were sent."),
            EchoReceiverOutcome.ConnectionLost o => Text($"The connection broke (errno {o.Errno})."),
            EchoReceiverOutcome.Stalled o => Text($"Nothing moved for {o.For.TotalSeconds} s."),
            EchoReceiverOutcome.Broken o => Text($"Internal error: a count of {o.Count} bytes."),
            _ => outcome.ToString(),
        };

    private static string Where(ReceiverItem item) =>
        item switch
        {
            ReceiverItem.NameTrain => "the name train",
            ReceiverItem.SizeTrain => "the size train",
            ReceiverItem.TrainHeader => "a train's header",
            ReceiverItem.FileData => "the file's bytes",
            ReceiverItem.EndTrain => "the zero train",
            _ => item.ToString(),
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
