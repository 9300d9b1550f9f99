using Trainyard.Core.Pool;

namespace Trainyard.Shell;

/// <summary>What a server did until its end.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Completed">Connections that ended with their worker's report.</param>
/// <param name="HandedOn">Connections given to the server that took this one's place.</param>
/// <param name="Rejected">Connections refused before an answer.</param>
/// <param name="Aborted">Connections cut in the middle of their answer.</param>
public sealed record ServerReport(PoolEnd End, long Completed, long HandedOn, long Rejected, long Aborted);
