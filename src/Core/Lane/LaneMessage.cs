using Trainyard.Core.Pool;

namespace Trainyard.Core.Lane;

/// <summary>
/// What master and worker say to each other over their lane, one message a datagram. The file that encodes it is <see cref="LaneCodec"/>.
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

    /// <summary>Master to worker: serve this connection. Travels with exactly one descriptor.</summary>
    public sealed record Assign(ConnectionId Connection) : LaneMessage;

    /// <summary>Master to worker: finish what you hold, take nothing more, leave.</summary>
    public sealed record Exit : LaneMessage;

    /// <summary>
    /// Master to worker, where both are threads of a process that is to leave: bring what you hold to an end soon, and what still comes. It
    /// is part of <see cref="Exit"/>; said by itself, what waits in the process can still be served.
    /// </summary>
    public sealed record Drain : LaneMessage;

    /// <summary>Worker to master: configured, and able to carry so many connections at once.</summary>
    public sealed record Ready(int Slots) : LaneMessage;

    /// <summary>Worker to master: this connection is mine now.</summary>
    public sealed record Acknowledge(ConnectionId Connection) : LaneMessage;

    /// <summary>Worker to master: I did not take this connection and touched nothing of it.</summary>
    public sealed record Refuse(ConnectionId Connection, RefuseReason Reason) : LaneMessage;

    /// <summary>Worker to master: this connection has ended; my descriptor of it is closed.</summary>
    public sealed record Done(ConnectionId Connection, ConnectionReport Report) : LaneMessage;
}
