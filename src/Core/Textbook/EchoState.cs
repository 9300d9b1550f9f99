namespace Trainyard.Core.Textbook;

/// <summary>Where the echoing of one connection stands.</summary>
public abstract record EchoState
{
    private EchoState() { }

    /// <summary>The buffer is empty and is being filled.</summary>
    /// <param name="Capacity">Bytes of the buffer, at least 1.</param>
    /// <param name="Returned">Bytes that have gone back.</param>
    public sealed record Filling(int Capacity, long Returned) : EchoState;

    /// <summary>What the buffer holds is going back.</summary>
    /// <param name="Capacity">Bytes of the buffer, at least 1.</param>
    /// <param name="Returned">Bytes that have gone back.</param>
    /// <param name="Held">Bytes still to go back, <c>1 ..= Capacity</c>.</param>
    public sealed record Emptying(int Capacity, long Returned, int Held) : EchoState;

    /// <summary>It has ended. Nothing changes any more.</summary>
    public sealed record Ended(EchoOutcome Outcome) : EchoState;
}
