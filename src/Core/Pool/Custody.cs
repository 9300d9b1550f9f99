namespace Trainyard.Core.Pool;

/// <summary>Where a connection is that the pool has custody of.</summary>
/// <param name="Arrived">When it was accepted. Kept for its whole life, so that the order of arrival is the order of expiry.</param>
/// <param name="Offers">To how many workers it has been offered so far.</param>
/// <param name="Peer">Whom it counts for.</param>
public abstract record Custody(DateTimeOffset Arrived, int Offers, PeerKey Peer)
{
    /// <summary>Nobody has it; it waits for a free slot.</summary>
    public sealed record Waiting(DateTimeOffset Arrived, int Offers, PeerKey Peer) : Custody(Arrived, Offers, Peer);

    /// <summary>It was sent to a worker that has not answered yet.</summary>
    /// <param name="Worker">The worker.</param>
    /// <param name="Number">Which dispatch of the pool this was, counted from 1.</param>
    /// <param name="Arrived">When it was accepted.</param>
    /// <param name="Offers">To how many workers it has been offered, this one included.</param>
    /// <param name="Peer">Whom it counts for.</param>
    public sealed record Offered(WorkerId Worker, long Number, DateTimeOffset Arrived, int Offers, PeerKey Peer) : Custody(Arrived, Offers, Peer);

    /// <summary>A worker has taken it.</summary>
    /// <param name="Worker">The worker.</param>
    /// <param name="Arrived">When it was accepted.</param>
    /// <param name="Offers">To how many workers it has been offered, this one included.</param>
    /// <param name="Peer">Whom it counts for.</param>
    public sealed record Serving(WorkerId Worker, DateTimeOffset Arrived, int Offers, PeerKey Peer) : Custody(Arrived, Offers, Peer);

    /// <summary>The new master was to be given it, and whether that worked is not known yet.</summary>
    public sealed record HandingOn(DateTimeOffset Arrived, int Offers, PeerKey Peer) : Custody(Arrived, Offers, Peer);

    /// <summary>The worker that holds it, acknowledged or not; <c>null</c> while none does.</summary>
    public WorkerId? Holder => this switch
    {
        Offered offered => offered.Worker,
        Serving serving => serving.Worker,
        _ => null,
    };
}
