using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Pool;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Succession;

/// <summary>
/// What a master and its successor say to each other during an upgrade, one message a datagram. The file that encodes it is
/// <see cref="SuccessionCodec"/>.
/// </summary>
public abstract record SuccessionMessage
{
    private SuccessionMessage() { }

    /// <summary>Old to new, first of all: these listeners are yours too. Travels with one descriptor for each of them, in order.</summary>
    /// <param name="Predecessor">The old master's process id.</param>
    /// <param name="Journal">The version of its journal: a new master that cannot read it must not take connections over.</param>
    /// <param name="Listeners">Where each listens.</param>
    public sealed record Inherit(int Predecessor, byte Journal, Arr<InheritedListener> Listeners) : SuccessionMessage
    {
        /// <inheritdoc/>
        public bool Equals(Inherit? other) =>
            other is not null && Predecessor == other.Predecessor && Journal == other.Journal && Listeners.AsEnumerable().SequenceEqual(other.Listeners);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Predecessor, Journal, Listeners.Count);
    }

    /// <summary>Old to new: serve this connection, or go on with it. Travels with its descriptor.</summary>
    /// <param name="Connection">The old master's name for it, for the answer.</param>
    /// <param name="Peer">The client's address.</param>
    /// <param name="Journal">What has happened on it (<see cref="JournalSlot.Export"/>); empty where nothing has.</param>
    public sealed record HandOn(ConnectionId Connection, string Peer, Opaque Journal) : SuccessionMessage;

    /// <summary>Old to new: I listen no more, and have named you to the service manager. The service is yours.</summary>
    public sealed record Relieve : SuccessionMessage;

    /// <summary>New to old: every worker of mine is ready, and I accept.</summary>
    public sealed record Ready : SuccessionMessage;

    /// <summary>New to old: I cannot serve; I leave.</summary>
    public sealed record Failed(string Reason) : SuccessionMessage;

    /// <summary>New to old: the connection is in my custody.</summary>
    public sealed record Taken(ConnectionId Connection) : SuccessionMessage;

    /// <summary>New to old: I have nothing of the connection; its descriptor did not arrive.</summary>
    public sealed record NotTaken(ConnectionId Connection) : SuccessionMessage;
}
