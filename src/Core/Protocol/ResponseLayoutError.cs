namespace Trainyard.Core.Protocol;

/// <summary>Why a file has no response to a request.</summary>
public abstract record ResponseLayoutError
{
    private ResponseLayoutError() { }

    /// <summary>The range begins before the file or behind its end, or its length is negative.</summary>
    /// <param name="Offset">Where it begins, in bytes.</param>
    /// <param name="Size">The file's size, in bytes.</param>
    public sealed record RangeOutside(long Offset, long Size) : ResponseLayoutError;

    /// <summary>The response would be longer than positions can count (2^63 - 1 bytes): larger trains make it shorter.</summary>
    /// <param name="FileBytes">File bytes to send.</param>
    public sealed record TooLarge(long FileBytes) : ResponseLayoutError;

    /// <summary>The description of the file cannot be sent. Our own fault.</summary>
    public sealed record BadMeta(MessageError Error) : ResponseLayoutError;
}
