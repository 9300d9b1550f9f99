namespace Trainyard.Core.Pool;

/// <summary>How a worker ended.</summary>
public abstract record WorkerExit
{
    private WorkerExit() { }

    /// <summary>It could not be spawned at all.</summary>
    /// <param name="Errno">The error number of posix_spawn(3).</param>
    public sealed record NotSpawned(int Errno) : WorkerExit;

    /// <summary>It left by itself.</summary>
    /// <param name="Code">Its exit status, <c>0 ..= 255</c>.</param>
    public sealed record Exited(int Code) : WorkerExit;

    /// <summary>A signal ended it.</summary>
    /// <param name="Signal">The signal's number.</param>
    public sealed record Killed(int Signal) : WorkerExit;
}
