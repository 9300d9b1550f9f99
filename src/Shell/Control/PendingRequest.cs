using Trainyard.Core.Control;
using Trainyard.Core.Pool;

namespace Trainyard.Shell.Control;

/// <summary>A request whose answer is still to come: until its event was taken into account, then until its goal is reached or has failed.</summary>
internal sealed class PendingRequest(ControlConnection connection, ControlRequest request, bool wait, PoolEvent ev)
{
    /// <summary>Who asked.</summary>
    public ControlConnection Connection { get; } = connection;

    /// <summary>What.</summary>
    public ControlRequest Request { get; } = request;

    /// <summary>Whether the answer waits for the goal.</summary>
    public bool Wait { get; } = wait;

    /// <summary>The event that it became.</summary>
    public PoolEvent Event { get; } = ev;

    /// <summary>What it is to lead to; <c>null</c> before its event was taken into account.</summary>
    public PoolGoal? Goal { get; set; }
}
