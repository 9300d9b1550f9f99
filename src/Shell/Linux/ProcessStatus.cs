namespace Trainyard.Shell.Linux;

/// <summary>Whether a child still runs, and how it ended.</summary>
public enum ProcessState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It left by itself, with an exit code.</summary>
    Exited,

    /// <summary>A signal ended it.</summary>
    Killed,

    /// <summary>It is gone, and somebody else took its status (SIGCHLD is ignored, or another part of the process waited for it).</summary>
    Lost,
}

/// <summary>What waitid(2) tells about a child.</summary>
/// <param name="State">Whether it runs, and how it ended.</param>
/// <param name="Value">The exit code, <c>0 ..= 255</c>, or the signal's number; 0 in the other states.</param>
public readonly record struct ProcessStatus(ProcessState State, int Value);
