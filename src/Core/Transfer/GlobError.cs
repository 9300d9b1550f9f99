namespace Trainyard.Core.Transfer;

/// <summary>Why a text is no pattern for names. Always the writer's fault.</summary>
public abstract record GlobError
{
    private GlobError() { }

    /// <summary>A <c>%</c> is not followed by two hexadecimal digits.</summary>
    /// <param name="Position">Where, in bytes from the beginning.</param>
    public sealed record BadEscape(int Position) : GlobError;

    /// <summary>A component is empty, <c>.</c> or <c>..</c>: nothing has such a name.</summary>
    /// <param name="Position">Where it begins, in bytes from the beginning.</param>
    public sealed record NoName(int Position) : GlobError;
}
