using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Worker;

/// <summary>Makes a connection's driver.</summary>
/// <param name="connection">The connection's name.</param>
/// <param name="slot">Its slot in the journal; negative where it has none.</param>
/// <param name="socket">The connection, which the driver owns from then on.</param>
/// <param name="now">The time.</param>
internal delegate IConnectionDriver OpenConnection(ConnectionId connection, int slot, Descriptor socket, DateTimeOffset now);
