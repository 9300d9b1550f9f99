namespace Trainyard.Core.Pool;

/// <summary>Where a connection is that the pool has custody of.</summary>
/// <param name="Passage">What is remembered of it wherever it is.</param>
public abstract record Custody(Passage Passage)
{
    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Arrived => Passage.Arrived;

    /// <summary>To how many workers it has been offered since none had it.</summary>
    public int Offers => Passage.Offers;

    /// <summary>Whom it counts for.</summary>
    public PeerKey Peer => Passage.Peer;

    /// <summary>How many workers in a row died in its turn without moving anything on it.</summary>
    public int Strikes => Passage.Strikes;

    /// <summary>Nobody has begun it; it waits for a free slot.</summary>
    public sealed record Waiting(Passage Passage) : Custody(Passage);

    /// <summary>It has begun, and nobody has it; it waits for a free slot to be gone on with.</summary>
    public sealed record Resuming(Passage Passage) : Custody(Passage)
    {
        /// <summary>Whether it came from parking, so that it stands between two answers and its client can still be told something.</summary>
        public bool IsIdle => Passage.Headway == Headway.Idle;
    }

    /// <summary>It has begun, and nothing is to be done on it at present; its first byte is awaited.</summary>
    /// <param name="Until">When it is ended if none has come; <c>null</c> waits without limit.</param>
    /// <param name="Passage">What is remembered of it wherever it is.</param>
    public sealed record Parked(DateTimeOffset? Until, Passage Passage) : Custody(Passage);

    /// <summary>It was sent to a worker that has not answered yet.</summary>
    /// <param name="Worker">The worker.</param>
    /// <param name="Number">Which dispatch of the pool this was, counted from 1.</param>
    /// <param name="Passage">What is remembered of it wherever it is; this offer is counted.</param>
    public sealed record Offered(WorkerId Worker, long Number, Passage Passage) : Custody(Passage);

    /// <summary>A worker has taken it.</summary>
    /// <param name="Worker">The worker.</param>
    /// <param name="Passage">What is remembered of it wherever it is; its offer is counted.</param>
    public sealed record Serving(WorkerId Worker, Passage Passage) : Custody(Passage);

    /// <summary>The new master was to be given it, and whether that worked is not known yet.</summary>
    public sealed record HandingOn(Passage Passage) : Custody(Passage);

    /// <summary>The worker that holds it, acknowledged or not; <c>null</c> while none does.</summary>
    public WorkerId? Holder => this switch
    {
        Offered offered => offered.Worker,
        Serving serving => serving.Worker,
        _ => null,
    };
}
