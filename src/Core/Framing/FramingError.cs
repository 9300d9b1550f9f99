namespace Trainyard.Core.Framing;

/// <summary>Why bytes are not a train. The peer's fault where the bytes came from one.</summary>
public abstract record FramingError
{
    private FramingError() { }

    /// <summary>The announced length is negative or above the limit.</summary>
    /// <param name="Announced">The length as announced, in bytes.</param>
    /// <param name="Limit">The longest body allowed, in bytes.</param>
    public sealed record LengthOutOfRange(long Announced, int Limit) : FramingError;

    /// <summary>The stream ended inside a train.</summary>
    /// <param name="Got">Bytes of the train that had arrived, header included; at least 1.</param>
    /// <param name="Missing">Bytes missing to the end of the header, or of the train where the header had arrived; at least 1.</param>
    public sealed record Truncated(long Got, long Missing) : FramingError;
}
