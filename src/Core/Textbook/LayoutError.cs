namespace Trainyard.Core.Textbook;

/// <summary>Why a file has no response in a dialect. Our own fault or the environment's.</summary>
public abstract record LayoutError
{
    private LayoutError() { }

    /// <summary>The dialect carries no file.</summary>
    public sealed record NoFileDialect(Dialect Dialect) : LayoutError;

    /// <summary>The size is negative.</summary>
    /// <param name="Size">The size, in bytes.</param>
    public sealed record NegativeSize(long Size) : LayoutError;

    /// <summary>The response would be longer than positions can count (2^63 - 1 bytes).</summary>
    /// <param name="Size">The file's size, in bytes.</param>
    public sealed record TooLarge(long Size) : LayoutError;
}
