using System.Globalization;

namespace Trainyard.Core.Control;

/// <summary>Control errors in words, for the operator who caused them.</summary>
public static class ControlErrorText
{
    /// <summary>One sentence; says nothing that came from the other side but numbers.</summary>
    public static string Sentence(ControlError error) => error switch
    {
        ControlError.TooLong(var limit) => Text($"The request is longer than {limit} bytes."),
        ControlError.Trailing => "More came after the request: a connection carries one.",
        ControlError.HalfLine(var got) => Text($"The request ended after {got} bytes, before its line did."),
        ControlError.NotARequest => "The line is not a request: a JSON object with the documented fields only.",
        ControlError.Version(var theirs, var ours) => Text($"The request is of version {theirs}; this server speaks version {ours}."),
        ControlError.UnknownCommand => $"There is no such command; there are {string.Join(", ", ControlProtocol.Commands)}.",
        ControlError.Missing(var field) => $"The command needs the field {field}.",
        ControlError.Misplaced(var field) => $"The field {field} does not belong here.",
        ControlError.OutOfRange(var field, var value) => Text($"The field {field} is out of range: {value}."),
        _ => "The request is wrong.",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
