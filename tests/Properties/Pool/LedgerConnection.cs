using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>What an observer of commands and events knows about one connection in custody, wherever it is.</summary>
internal sealed class LedgerConnection(PeerKey peer, DateTimeOffset arrived)
{
    public PeerKey Peer { get; } = peer;
    public DateTimeOffset Arrived { get; } = arrived;
    public int Offers { get; set; }
    public int Strikes { get; set; }
    public Headway Headway { get; set; }
    public DateTimeOffset? Until { get; set; }

    public bool IsMidway => Headway == Headway.Midway;

    /// <summary>Its worker has gone and it can be gone on with.</summary>
    public void Interrupt() => (Offers, Headway) = (0, Headway.Midway);

    public void Park(DateTimeOffset? until) => (Offers, Strikes, Headway, Until) = (0, 0, Headway.Idle, until);
}
