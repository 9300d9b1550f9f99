namespace Trainyard.Core.Pool;

/// <summary>A new master that has been started and has not answered yet.</summary>
/// <param name="Patience">The patience of the drain that follows when it serves; <c>null</c> waits without limit.</param>
/// <param name="Since">When its start was commanded.</param>
public sealed record PendingUpgrade(TimeSpan? Patience, DateTimeOffset Since);
