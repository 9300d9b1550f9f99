namespace Trainyard.Shell.Worker;

/// <summary>A service that finds out some things once for all connections that the kernel reports at the same time.</summary>
internal interface IHasRounds
{
    /// <summary>The kernel has just said which connections can go on; their turns follow. Called on the worker's own thread.</summary>
    void BeginRound();
}
