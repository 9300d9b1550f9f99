using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>A service whose connections leave work to other threads, and want their turn when it is done.</summary>
internal interface IWakingService : IConnectionService
{
    /// <summary>Begins to serve a connection. Must not wait.</summary>
    /// <param name="socket">As in the other form.</param>
    /// <param name="wake">
    /// Has the connection's driver advanced soon, on the worker's own thread, whatever it waits for. Thread-safe; never waits or throws; may be
    /// called as often as one likes, also when the connection or the worker has ended, and then does nothing. What the caller wrote before the
    /// call, the driver sees.
    /// </param>
    /// <param name="now">The time.</param>
    IConnectionDriver Open(Descriptor socket, Action wake, DateTimeOffset now);

    /// <inheritdoc/>
    IConnectionDriver IConnectionService.Open(Descriptor socket, DateTimeOffset now) => Open(socket, static () => { }, now);
}
