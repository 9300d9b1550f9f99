namespace Trainyard.Core.Protocol;

/// <summary>The server's state, for people and monitors. All counts are at least 0.</summary>
/// <param name="Workers">Worker processes.</param>
/// <param name="Connections">Connections being served.</param>
/// <param name="Waiting">Connections waiting for a worker.</param>
/// <param name="Uptime">Whole seconds since the server's start.</param>
/// <param name="IsDraining">Whether it takes no new connections any more.</param>
public sealed record ServerStatus(long Workers, long Connections, long Waiting, long Uptime, bool IsDraining);
