using Trainyard.Core.Pool;

namespace Trainyard.Core.Lane;

/// <summary>
/// What master and worker say to each other over their lane. The file that encodes it is <see cref="LaneCodec"/>.
/// A worker process with several threads is the master of those, in the same words.
/// </summary>
public abstract record LaneMessage
{
    private LaneMessage() { }

    /// <summary>Master to worker, first of all: what to serve and how. The worker answers with <see cref="Ready"/>.</summary>
    /// <param name="Cell">The worker's first cell on the scoreboard, counted from 0; those of its threads follow.</param>
    /// <param name="Threads">On how many threads to serve; at least 1. A worker with one serves on its own.</param>
    /// <param name="Slots">How many connections each thread carries at once; at least 1.</param>
    /// <param name="Settings">The service's own settings, opaque to the pool.</param>
    public sealed record Configure(int Cell, int Threads, int Slots, Settings Settings) : LaneMessage;

    /// <summary>Master to worker: serve this connection, or go on with it where another worker has stopped. Travels with exactly one descriptor.</summary>
    /// <param name="Connection">Its name.</param>
    /// <param name="Slot">Its slot in the journal, counted from 0, which says what has happened on it; negative where it has none.</param>
    public sealed record Assign(ConnectionId Connection, int Slot) : LaneMessage;

    /// <summary>Master to worker: take nothing more, leave when you hold nothing.</summary>
    /// <param name="HandOver">Whether to give back what you hold, so that others go on with it; else finish it.</param>
    public sealed record Exit(bool HandOver) : LaneMessage;

    /// <summary>
    /// Master to worker, where both are threads of a process that is to leave: bring what you hold to an end soon, and what still comes. It
    /// is part of <see cref="Exit"/>; said by itself, what waits in the process can still be served.
    /// </summary>
    public sealed record Drain : LaneMessage;

    /// <summary>Master to worker, where both are threads of a process that is to leave: give back what you hold, and what still comes.</summary>
    public sealed record GiveBack : LaneMessage;

    /// <summary>Worker to master: configured, and able to carry so many connections at once.</summary>
    public sealed record Ready(int Slots) : LaneMessage;

    /// <summary>Worker to master: this connection is mine now.</summary>
    public sealed record Acknowledge(ConnectionId Connection) : LaneMessage;

    /// <summary>Worker to master: I did not take this connection and touched nothing of it.</summary>
    public sealed record Refuse(ConnectionId Connection, RefuseReason Reason) : LaneMessage;

    /// <summary>Worker to master: another is to go on with this connection. The journal says where; my descriptor of it is closed.</summary>
    public sealed record Return(ConnectionId Connection) : LaneMessage;

    /// <summary>
    /// Worker to master: as <see cref="Return"/>, but nothing is to be done on it until its next byte comes.
    /// </summary>
    /// <param name="Connection">Its name.</param>
    /// <param name="Left">How long to wait for that byte; <c>null</c> is without limit.</param>
    public sealed record Park(ConnectionId Connection, TimeSpan? Left) : LaneMessage;

    /// <summary>Worker to master: this connection has ended; my descriptor of it is closed.</summary>
    public sealed record Done(ConnectionId Connection, ConnectionReport Report) : LaneMessage;
}
