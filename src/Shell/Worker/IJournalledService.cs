using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>A service whose connections another worker can go on with.</summary>
internal interface IJournalledService : IConnectionService
{
    /// <summary>Begins to serve a connection, or goes on with it where the journal says that somebody has begun. Must not wait.</summary>
    /// <param name="socket">As in the other form.</param>
    /// <param name="journal">The connection's slot; <c>null</c> where it has none, and nobody else can go on with it.</param>
    /// <param name="wake">
    /// Has the connection's driver advanced soon, on the worker's own thread, whatever it waits for. Thread-safe; never waits or throws; may be
    /// called as often as one likes, also when the connection or the worker has ended, and then does nothing. What the caller wrote before the
    /// call, the driver sees.
    /// </param>
    /// <param name="now">The time.</param>
    IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now);

    /// <inheritdoc/>
    IConnectionDriver IConnectionService.Open(Descriptor socket, DateTimeOffset now) => Open(socket, null, static () => { }, now);
}
