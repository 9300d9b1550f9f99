using Trainyard.Core.Lane;
using Trainyard.Core.Pool;

namespace Trainyard.Core.Worker;

/// <summary>What a worker's machine asks its interpreter to do.</summary>
public abstract record WorkerCommand
{
    private WorkerCommand() { }

    /// <summary>Say this to the master.</summary>
    public sealed record Say(LaneMessage Message) : WorkerCommand;

    /// <summary>Begin to serve the connection that has just arrived.</summary>
    public sealed record Serve(ConnectionId Connection) : WorkerCommand;

    /// <summary>Close the descriptor that has just arrived, untouched.</summary>
    public sealed record Drop(ConnectionId Connection) : WorkerCommand;

    /// <summary>Tell each connection that is held, and each that still comes, that it is to end soon. Said once in a life.</summary>
    public sealed record Drain : WorkerCommand;

    /// <summary>
    /// Stop each connection that is held where another worker can go on with it, and report it as returned; tell those with which nobody can go on
    /// that they are to end soon. Said once in a life.
    /// </summary>
    public sealed record HandOver : WorkerCommand;

    /// <summary>End the process.</summary>
    public sealed record Leave(WorkerLeave Why) : WorkerCommand;
}
