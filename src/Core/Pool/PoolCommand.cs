namespace Trainyard.Core.Pool;

/// <summary>What the pool machine asks its interpreter to do.</summary>
public abstract record PoolCommand
{
    private PoolCommand() { }

    /// <summary>Start a worker under this id.</summary>
    public sealed record Spawn(WorkerId Worker) : PoolCommand;

    /// <summary>
    /// Pass the connection to the worker; keep the duplicate. A failure answers with <see cref="PoolEvent.Refused"/>, a lane without room with
    /// <see cref="PoolEvent.LaneFull"/>.
    /// </summary>
    public sealed record Dispatch(ConnectionId Connection, WorkerId Worker) : PoolCommand;

    /// <summary>The connection waits for a free slot. Nothing to do but to say so.</summary>
    /// <param name="Connection">Which connection.</param>
    /// <param name="Waiting">How many wait, this one included.</param>
    public sealed record Queue(ConnectionId Connection, int Waiting) : PoolCommand;

    /// <summary>Tell the client why it is not served, where its protocol has a word for it, and close the connection.</summary>
    /// <param name="Connection">Which connection; custody ends.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="RetryAfter">When it makes sense to come back; zero where it does not.</param>
    public sealed record Reject(ConnectionId Connection, RejectReason Reason, TimeSpan RetryAfter) : PoolCommand;

    /// <summary>
    /// Give the connection to the new master; keep the duplicate. To be answered, at once or later, with
    /// <see cref="PoolEvent.HandedOn"/>, upon which the connection is released, or <see cref="PoolEvent.NotHandedOn"/>, upon
    /// which it is rejected. The pool does not end before the answer.
    /// </summary>
    public sealed record HandOn(ConnectionId Connection) : PoolCommand;

    /// <summary>The connection is done, or handed on: close the duplicate. Custody ends.</summary>
    public sealed record Release(ConnectionId Connection) : PoolCommand;

    /// <summary>Wait for the connection's first byte; answered later by <see cref="PoolEvent.Woken"/>. Ends with any other command on it.</summary>
    public sealed record Watch(ConnectionId Connection) : PoolCommand;

    /// <summary>Tell the worker through its lane to take nothing more and leave.</summary>
    /// <param name="Worker">Which worker.</param>
    /// <param name="HandOver">Whether it is to give back what it can instead of finishing it, because somebody else can go on with it.</param>
    public sealed record SendExit(WorkerId Worker, bool HandOver) : PoolCommand;

    /// <summary>Signal the worker.</summary>
    public sealed record Signal(WorkerId Worker, WorkerSignal Kind) : PoolCommand;

    /// <summary>Take no further connection from the listeners; the kernel's backlog holds them.</summary>
    public sealed record PauseAccept : PoolCommand;

    /// <summary>Take connections from the listeners again.</summary>
    public sealed record ResumeAccept : PoolCommand;

    /// <summary>Stop listening for good, so that the kernel refuses new connections instead of letting them wait for nobody.</summary>
    public sealed record CloseListeners : PoolCommand;

    /// <summary>Start a new master and pass it the listeners; answer with <see cref="PoolEvent.SuccessorReady"/> or <see cref="PoolEvent.SuccessorFailed"/>.</summary>
    public sealed record StartSuccessor : PoolCommand;

    /// <summary>
    /// End the new master that was started and has not answered, because it took too long or because this master was told to end.
    /// An answer of it must not be passed on any more.
    /// </summary>
    public sealed record AbandonSuccessor : PoolCommand;

    /// <summary>The pool has ended; no worker is left.</summary>
    public sealed record Exit(PoolVerdict Verdict) : PoolCommand;
}
