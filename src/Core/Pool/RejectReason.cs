namespace Trainyard.Core.Pool;

/// <summary>Why a connection is not served, or not to its end.</summary>
public enum RejectReason
{
    /// <summary>The waiting queue is full.</summary>
    QueueFull,

    /// <summary>It waited longer than the policy allows.</summary>
    WaitedTooLong,

    /// <summary>The server drains or stops.</summary>
    ShuttingDown,

    /// <summary>It was offered to as many workers as the policy allows, and none took it.</summary>
    NobodyTookIt,

    /// <summary>Its address has as many connections in custody as the policy allows one address.</summary>
    TooManyFromAddress,

    /// <summary>The master has no descriptor left for it. Never the pool machine's reason: such a connection does not come into custody.</summary>
    OutOfDescriptors,

    /// <summary>Its worker died in the middle of its answer, and no other can go on with it.</summary>
    WorkerDied,

    /// <summary>It was parked, and nothing came on it in time.</summary>
    Idle,

    /// <summary>It brought down as many workers as the policy allows.</summary>
    Quarantined,

    /// <summary>It was cut in the middle of what was served on it, since nobody is left to go on with it.</summary>
    Interrupted,
}
