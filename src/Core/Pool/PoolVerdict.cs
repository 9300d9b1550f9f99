namespace Trainyard.Core.Pool;

/// <summary>Why the pool ended, and what became of the connections.</summary>
/// <param name="Cause">Why it ended.</param>
/// <param name="Completed">Connections that a worker reported done, and those that were parked until their time was over.</param>
/// <param name="HandedOn">Connections that were given to the new master of an upgrade.</param>
/// <param name="Rejected">Connections that were refused or cut with a reason before or instead of an answer.</param>
/// <param name="Aborted">Connections that were cut in the middle of their answer.</param>
public sealed record PoolVerdict(PoolEnd Cause, long Completed, long HandedOn, long Rejected, long Aborted);
