namespace Trainyard.Shell;

/// <summary>How a server is.</summary>
/// <param name="Workers">Worker processes.</param>
/// <param name="Connections">Connections being served.</param>
/// <param name="Waiting">Connections waiting for a worker.</param>
/// <param name="Uptime">Since the server's start.</param>
/// <param name="IsDraining">Whether it takes no new connections any more.</param>
public sealed record RemoteStatus(long Workers, long Connections, long Waiting, TimeSpan Uptime, bool IsDraining);
