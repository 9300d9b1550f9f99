namespace Trainyard.Core.Pool;

/// <summary>What the pool remembers of a connection wherever it is, from its arrival to its leaving. A value without identity.</summary>
/// <param name="Arrived">When it was accepted. Kept for its whole life, so that the order of arrival is the order of expiry.</param>
/// <param name="Peer">Whom it counts for.</param>
public readonly record struct Passage(DateTimeOffset Arrived, PeerKey Peer)
{
    /// <summary>To how many workers it has been offered since none had it: since it arrived, came back from one that had begun it, or was woken.</summary>
    public int Offers { get; internal init; }

    /// <summary>How many workers in a row died in its turn without moving anything on it.</summary>
    public int Strikes { get; internal init; }

    /// <summary>How far it has come.</summary>
    public Headway Headway { get; internal init; }
}
