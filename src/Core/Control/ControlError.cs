namespace Trainyard.Core.Control;

/// <summary>Why what came over a control connection is no request.</summary>
public abstract record ControlError
{
    private ControlError() { }

    /// <summary>The line is longer than <paramref name="Limit"/> bytes.</summary>
    public sealed record TooLong(int Limit) : ControlError;

    /// <summary>More came after the line's end: one connection carries one request.</summary>
    public sealed record Trailing : ControlError;

    /// <summary>The connection's other side ended in the middle of the line.</summary>
    /// <param name="Got">Bytes of the line that had come; at least 1.</param>
    public sealed record HalfLine(int Got) : ControlError;

    /// <summary>The line is not a JSON object with the fields of a request.</summary>
    public sealed record NotARequest : ControlError;

    /// <summary>It is of a protocol that this server does not speak.</summary>
    public sealed record Version(int Theirs, int Ours) : ControlError;

    /// <summary>There is no such command.</summary>
    public sealed record UnknownCommand : ControlError;

    /// <summary>The command needs a field that is not there.</summary>
    public sealed record Missing(string Field) : ControlError;

    /// <summary>A field is there that means nothing with this command, or two that exclude each other.</summary>
    public sealed record Misplaced(string Field) : ControlError;

    /// <summary>A field's value is out of range.</summary>
    public sealed record OutOfRange(string Field, long Value) : ControlError;
}
