namespace Trainyard.Core.Protocol;

/// <summary>Why bytes are not a path below the served root.</summary>
public abstract record PathError
{
    private PathError() { }

    /// <summary>There are no bytes.</summary>
    public sealed record Empty : PathError;

    /// <summary>The whole path is too long.</summary>
    /// <param name="Length">Its length, in bytes.</param>
    /// <param name="Limit">The longest path, in bytes.</param>
    public sealed record TooLong(int Length, int Limit) : PathError;

    /// <summary>It begins with <c>/</c>.</summary>
    public sealed record Absolute : PathError;

    /// <summary>A component is empty: two <c>/</c> in a row, or one at the end.</summary>
    /// <param name="Position">Where the component would begin, in bytes from 0.</param>
    public sealed record EmptyComponent(int Position) : PathError;

    /// <summary>A component is <c>.</c> or <c>..</c>.</summary>
    /// <param name="Position">Where it begins, in bytes from 0.</param>
    public sealed record Dots(int Position) : PathError;

    /// <summary>A component is longer than a Linux file name can be.</summary>
    /// <param name="Position">Where it begins, in bytes from 0.</param>
    /// <param name="Length">Its length, in bytes.</param>
    public sealed record ComponentTooLong(int Position, int Length) : PathError;

    /// <summary>A NUL byte.</summary>
    /// <param name="Position">Where, in bytes from 0.</param>
    public sealed record Nul(int Position) : PathError;
}
