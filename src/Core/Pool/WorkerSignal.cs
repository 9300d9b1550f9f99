namespace Trainyard.Core.Pool;

/// <summary>The signals a master sends to a worker.</summary>
public enum WorkerSignal
{
    /// <summary>Say where you are (a stack dump), if you still can. Sent before <see cref="Kill"/> to one that hangs.</summary>
    Dump,

    /// <summary>End now, unconditionally (SIGKILL).</summary>
    Kill,
}
