using LanguageExt;

namespace Trainyard.Core.Pool;

/// <summary>What happened to the pool. Time and randomness enter only here, as values.</summary>
public abstract record PoolEvent
{
    private PoolEvent() { }

    /// <summary>When it happened or was noticed. A time before that of an earlier event counts as that earlier time.</summary>
    public abstract DateTimeOffset Now { get; init; }

    /// <summary>A connection was accepted; the pool has custody of it from now on.</summary>
    /// <param name="Connection">Which connection.</param>
    /// <param name="Peer">Whom it counts for where connections are limited by address.</param>
    /// <param name="Now">When it was accepted.</param>
    public sealed record Accepted(ConnectionId Connection, PeerKey Peer, DateTimeOffset Now) : PoolEvent;

    /// <summary>A connection that had begun under another master came over from it; the pool has custody of it from now on.</summary>
    /// <param name="Connection">Which connection.</param>
    /// <param name="Peer">Whom it counts for.</param>
    /// <param name="Now">When it came.</param>
    public sealed record Adopted(ConnectionId Connection, PeerKey Peer, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker has started and speaks our lane version.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="Slots">How many connections it can carry at once; at least 1.</param>
    /// <param name="Jitter">A random number in <c>0 ..&lt; 1</c> that spreads its recycling.</param>
    /// <param name="Now">When it was noticed.</param>
    public sealed record WorkerReady(WorkerId Worker, int Slots, double Jitter, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker has taken a dispatched connection over.</summary>
    public sealed record Acknowledged(WorkerId Worker, ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker did not take a dispatched connection, or it could not be sent to it: it holds nothing of it.</summary>
    public sealed record Refused(WorkerId Worker, ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>The worker's lane takes nothing at the moment, so that the connection was not passed: later, not no.</summary>
    public sealed record LaneFull(WorkerId Worker, ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker has ended a connection, well or badly; the slot is free.</summary>
    public sealed record Done(WorkerId Worker, ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker has stopped serving a connection between two system calls and closed its descriptor; another can go on where it stopped.</summary>
    public sealed record Returned(WorkerId Worker, ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>As <see cref="Returned"/>, but nothing is to be done on the connection before its next byte comes.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="Connection">Which connection.</param>
    /// <param name="Until">When it is to be ended if none has come; <c>null</c> waits without limit.</param>
    /// <param name="Now">When it was noticed.</param>
    public sealed record Parked(WorkerId Worker, ConnectionId Connection, DateTimeOffset? Until, DateTimeOffset Now) : PoolEvent;

    /// <summary>A byte, or the end of the stream, has come on a parked connection; the answer to <see cref="PoolCommand.Watch"/>.</summary>
    public sealed record Woken(ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker's process or thread has ended and was reaped.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="Cause">How it ended.</param>
    /// <param name="Continuable">Those of its connections that another worker can go on with or begin.</param>
    /// <param name="Suspect">The connection in whose turn it died and on which nothing had moved since this worker got it; <c>null</c> where there is none.</param>
    /// <param name="Jitter">A random number in <c>0 ..&lt; 1</c> that spreads the back-off.</param>
    /// <param name="Now">When it was noticed.</param>
    public sealed record WorkerExited(
        WorkerId Worker, WorkerExit Cause, Arr<ConnectionId> Continuable, ConnectionId? Suspect, double Jitter, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker lives and has counted this much progress since its start.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="Progress">Grows whenever the worker moves bytes or ends a connection; the unit does not matter.</param>
    /// <param name="ResidentBytes">Its resident memory in bytes; 0 or less where it is not known.</param>
    /// <param name="Now">When it was read.</param>
    public sealed record Heartbeat(WorkerId Worker, ulong Progress, long ResidentBytes, DateTimeOffset Now) : PoolEvent;

    /// <summary>A worker has given no sign of life since it was looked at the last time, and this is what the kernel says of it.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="IsStopped">Whether it is stopped (SIGSTOP), and would have to be continued by somebody.</param>
    /// <param name="Computed">The processor time that it has used in user mode since its start.</param>
    /// <param name="Now">When it was read.</param>
    public sealed record Silent(WorkerId Worker, bool IsStopped, TimeSpan Computed, DateTimeOffset Now) : PoolEvent;

    /// <summary>Time has passed; the next deadline may have come.</summary>
    public sealed record Tick(DateTimeOffset Now) : PoolEvent;

    /// <summary>The kernel has no descriptor left for a further connection (EMFILE, ENFILE, ENOBUFS, ENOMEM).</summary>
    public sealed record AcceptExhausted(DateTimeOffset Now) : PoolEvent;

    /// <summary>Finish what runs, take nothing new, then end.</summary>
    /// <param name="Patience">The longest time without any progress before what still runs is cut; <c>null</c> waits without limit.</param>
    /// <param name="Now">When it was asked.</param>
    public sealed record Drain(TimeSpan? Patience, DateTimeOffset Now) : PoolEvent;

    /// <summary>End at once: what runs is cut.</summary>
    public sealed record StopNow(DateTimeOffset Now) : PoolEvent;

    /// <summary>Change the number of workers by <paramref name="Delta"/>; the target never falls below 1.</summary>
    public sealed record Resize(int Delta, DateTimeOffset Now) : PoolEvent;

    /// <summary>Change the number of workers to <paramref name="Target"/>, which counts as the nearest in <c>1 ..= </c><see cref="PoolPolicy.MostWorkers"/>.</summary>
    public sealed record ResizeTo(int Target, DateTimeOffset Now) : PoolEvent;

    /// <summary>Let one worker finish what it holds and go; another takes its place first.</summary>
    public sealed record Retire(WorkerId Worker, DateTimeOffset Now) : PoolEvent;

    /// <summary>Replace every worker by one with the new configuration, replacement first.</summary>
    public sealed record Reload(DateTimeOffset Now) : PoolEvent;

    /// <summary>Hand over to a new master. Changes nothing while one is awaited.</summary>
    /// <param name="Patience">The patience of the drain that follows when it serves, as in <see cref="Drain"/>.</param>
    /// <param name="Now">When it was asked.</param>
    public sealed record Upgrade(TimeSpan? Patience, DateTimeOffset Now) : PoolEvent;

    /// <summary>The new master serves: this one gives it what waits, finishes what runs, and ends.</summary>
    public sealed record SuccessorReady(DateTimeOffset Now) : PoolEvent;

    /// <summary>The new master did not come up: this one goes on.</summary>
    public sealed record SuccessorFailed(DateTimeOffset Now) : PoolEvent;

    /// <summary>The new master has the connection; the answer to <see cref="PoolCommand.HandOn"/>.</summary>
    public sealed record HandedOn(ConnectionId Connection, DateTimeOffset Now) : PoolEvent;

    /// <summary>The connection could not be given to the new master; the other answer to <see cref="PoolCommand.HandOn"/>.</summary>
    public sealed record NotHandedOn(ConnectionId Connection, DateTimeOffset Now) : PoolEvent;
}
