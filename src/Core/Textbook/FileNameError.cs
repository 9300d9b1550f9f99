namespace Trainyard.Core.Textbook;

/// <summary>Why bytes are not the name of a file to create in the receiver's directory.</summary>
public abstract record FileNameError
{
    private FileNameError() { }

    /// <summary>There are no bytes.</summary>
    public sealed record Empty : FileNameError;

    /// <summary>Longer than a Linux file name can be.</summary>
    /// <param name="Length">Its length in bytes.</param>
    /// <param name="Limit">The longest name, in bytes (NAME_MAX).</param>
    public sealed record TooLong(int Length, int Limit) : FileNameError;

    /// <summary><c>.</c> or <c>..</c>: a directory.</summary>
    /// <param name="Dots">How many dots, 1 or 2.</param>
    public sealed record Directory(int Dots) : FileNameError;

    /// <summary>A <c>/</c>: a path, which could lead out of the directory.</summary>
    /// <param name="Position">Where, in bytes from 0.</param>
    public sealed record Separator(int Position) : FileNameError;

    /// <summary>A NUL or another ASCII control character.</summary>
    /// <param name="Value">The byte, below 0x20 or 0x7f.</param>
    /// <param name="Position">Where, in bytes from 0.</param>
    public sealed record Control(byte Value, int Position) : FileNameError;
}
