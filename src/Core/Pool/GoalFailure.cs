namespace Trainyard.Core.Pool;

/// <summary>Why a <see cref="PoolGoal"/> will not be reached.</summary>
public enum GoalFailure
{
    /// <summary>A later request asked for another number of workers.</summary>
    Superseded,

    /// <summary>The pool drains, without or for a new master.</summary>
    Draining,

    /// <summary>The pool was stopped.</summary>
    Stopped,

    /// <summary>The pool ended because its workers kept failing to start.</summary>
    CrashLoop,

    /// <summary>The new master failed or did not serve in time; this one goes on.</summary>
    SuccessorFailed,

    /// <summary>What made no progress was cut at the deadline.</summary>
    DrainDeadline,
}
