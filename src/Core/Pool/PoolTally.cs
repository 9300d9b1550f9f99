namespace Trainyard.Core.Pool;

/// <summary>What has become of the connections so far.</summary>
/// <param name="Accepted">Connections that the pool took into custody.</param>
/// <param name="Completed">Those that a worker reported done, and those that were parked until their time was over.</param>
/// <param name="HandedOn">Those that were given to the new master of an upgrade.</param>
/// <param name="Rejected">Those that were refused with a reason before or instead of an answer.</param>
/// <param name="Aborted">Those that were cut in the middle of their answer.</param>
/// <param name="Redispatched">How often a connection that a worker refused, or had not acknowledged when it died, was dispatched again.</param>
/// <param name="Continued">How often a connection that had begun was given to another worker because its own had died or was leaving.</param>
public readonly record struct PoolTally(
    long Accepted, long Completed, long HandedOn, long Rejected, long Aborted, long Redispatched, long Continued)
{
    /// <summary>Connections in custody now.</summary>
    public long Held => Accepted - Completed - HandedOn - Rejected - Aborted;
}
