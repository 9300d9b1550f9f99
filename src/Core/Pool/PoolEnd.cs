namespace Trainyard.Core.Pool;

/// <summary>Why a pool ended.</summary>
public enum PoolEnd
{
    /// <summary>It was drained and everything that ran has finished.</summary>
    Drained,

    /// <summary>It was drained, and what made no progress was cut at the deadline.</summary>
    DrainDeadline,

    /// <summary>It was told to stop at once.</summary>
    Stopped,

    /// <summary>Too many workers failed to start in too short a time.</summary>
    CrashLoop,
}
