namespace Trainyard.Core.Pool;

/// <summary>How a worker ended.</summary>
public abstract record WorkerExit
{
    /// <summary>SIGKILL, which a process can only get from others.</summary>
    public const int KillSignal = 9;

    private WorkerExit() { }

    /// <summary>It could not be spawned at all.</summary>
    /// <param name="Errno">The error number of posix_spawn(3).</param>
    public sealed record NotSpawned(int Errno) : WorkerExit;

    /// <summary>It left by itself.</summary>
    /// <param name="Code">Its exit status, <c>0 ..= 255</c>.</param>
    public sealed record Exited(int Code) : WorkerExit;

    /// <summary>It said what no worker of this version says, and was killed for that.</summary>
    public sealed record Disowned : WorkerExit;

    /// <summary>The kernel ended it because memory ran out.</summary>
    public sealed record OutOfMemory : WorkerExit;

    /// <summary>A signal ended it. SIGKILL, where the pool has not sent it itself, came from somebody else.</summary>
    /// <param name="Signal">The signal's number.</param>
    public sealed record Killed(int Signal) : WorkerExit;
}
