using Trainyard.Core.Lane;
using Trainyard.Core.Pool;

namespace Trainyard.Core.Worker;

/// <summary>What happens to a worker.</summary>
public abstract record WorkerEvent
{
    private WorkerEvent() { }

    /// <summary>The master's first message arrived and the service accepts its settings.</summary>
    public sealed record Configured(int Slots) : WorkerEvent;

    /// <summary>The service does not accept its settings, or the other end is not a master of our version.</summary>
    public sealed record NotConfigured : WorkerEvent;

    /// <summary>A connection arrived.</summary>
    /// <param name="Connection">Its name.</param>
    /// <param name="HasDescriptor">Whether its descriptor came with it.</param>
    public sealed record Assigned(ConnectionId Connection, bool HasDescriptor) : WorkerEvent;

    /// <summary>A connection has ended, well or badly.</summary>
    public sealed record Ended(ConnectionId Connection, ConnectionReport Report) : WorkerEvent;

    /// <summary>A connection was stopped so that another worker can go on with it.</summary>
    public sealed record Returned(ConnectionId Connection) : WorkerEvent;

    /// <summary>A connection has nothing to do until its next byte comes.</summary>
    /// <param name="Connection">Its name.</param>
    /// <param name="Left">How long to wait for that byte; <c>null</c> is without limit.</param>
    public sealed record Parked(ConnectionId Connection, TimeSpan? Left) : WorkerEvent;

    /// <summary>The master, or whoever sent the signal, wants this worker to leave when it holds nothing.</summary>
    /// <param name="HandOver">Whether others can go on with what it holds.</param>
    public sealed record ExitAsked(bool HandOver) : WorkerEvent;

    /// <summary>The process that this worker is a thread of is to leave when all is done.</summary>
    public sealed record DrainAsked : WorkerEvent;

    /// <summary>The process that this worker is a thread of is to leave, and others can go on with what it holds.</summary>
    public sealed record HandOverAsked : WorkerEvent;

    /// <summary>One of its threads failed, or gives no sign of life.</summary>
    public sealed record ThreadFailed : WorkerEvent;

    /// <summary>The lane is closed: the master is dead.</summary>
    public sealed record MasterGone : WorkerEvent;
}
