using Trainyard.Shell.Linux;

namespace Trainyard.Shell;

/// <summary>What a worker does with its connections. Used by one thread only.</summary>
public interface IConnectionService
{
    /// <summary>Begins to serve a connection. Must not wait.</summary>
    /// <param name="socket">The connection: non-blocking. The driver may close it; the worker closes it at the end.</param>
    /// <param name="now">The time.</param>
    IConnectionDriver Open(Descriptor socket, DateTimeOffset now);
}
