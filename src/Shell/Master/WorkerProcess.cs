using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>A worker as the master holds it: its process, its lane, its cell on the scoreboard.</summary>
internal sealed class WorkerProcess(WorkerId id, int pid, int cell, ProcessDescriptor process, LaneChannel lane) : IDisposable
{
    /// <summary>The name the pool machine knows it by.</summary>
    public WorkerId Id { get; } = id;

    /// <summary>Its process id, for people.</summary>
    public int Pid { get; } = pid;

    /// <summary>The first of its cells on the scoreboard.</summary>
    public int Cell { get; } = cell;

    /// <summary>Its process, for waiting and signals: unlike the pid it can never come to mean another process (pidfd_open(2)).</summary>
    public ProcessDescriptor Process { get; } = process;

    /// <summary>The lane to it.</summary>
    public LaneChannel Lane { get; } = lane;

    /// <summary>The connections that it is about to be sent (<see cref="Outbox"/>).</summary>
    public List<ConnectionId> Outgoing { get; } = [];

    /// <summary>Whether it was killed for what it said.</summary>
    public bool IsDisowned { get; set; }

    /// <summary>Whether the lane is still being waited for: one that is closed would be readable for ever.</summary>
    public bool LaneOpen { get; set; } = true;

    /// <summary>How many heartbeats were seen when last looked at.</summary>
    public ulong BeatsSeen { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Lane.Dispose();
        Process.Dispose();
    }
}
