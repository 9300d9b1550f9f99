namespace Trainyard.Core.Receiving;

/// <summary>What to do after a receive call, or how the exact receive ended.</summary>
public abstract record ReceiveVerdict
{
    private ReceiveVerdict() { }

    /// <summary>Whether nothing more is to be received.</summary>
    public bool IsEnd => this is Complete or Truncated or Failed or Miscounted;

    /// <summary>Receive again: bytes are missing, and more may be there already.</summary>
    public sealed record ReadMore : ReceiveVerdict
    {
        internal static readonly ReadMore Instance = new();
    }

    /// <summary>Receive again at once: a signal interrupted the call.</summary>
    public sealed record RetryNow : ReceiveVerdict
    {
        internal static readonly RetryNow Instance = new();
    }

    /// <summary>Receive again when the descriptor is readable.</summary>
    public sealed record WaitReadable : ReceiveVerdict
    {
        internal static readonly WaitReadable Instance = new();
    }

    /// <summary>Everything that was wanted is there.</summary>
    public sealed record Complete : ReceiveVerdict
    {
        internal static readonly Complete Instance = new();
    }

    /// <summary>The stream ended first. The peer's fault.</summary>
    /// <param name="Got">Bytes that came, <c>0 ..&lt; Wanted</c>.</param>
    /// <param name="Wanted">Bytes that were wanted.</param>
    public sealed record Truncated(long Got, long Wanted) : ReceiveVerdict;

    /// <summary>A call failed. The environment's fault.</summary>
    /// <param name="Errno">Its error number.</param>
    public sealed record Failed(int Errno) : ReceiveVerdict;

    /// <summary>A count that no call can return, or that nobody can want. Our own fault.</summary>
    /// <param name="Count">The count.</param>
    /// <param name="Asked">The most it could have been.</param>
    public sealed record Miscounted(long Count, long Asked) : ReceiveVerdict;
}
