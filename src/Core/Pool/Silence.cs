namespace Trainyard.Core.Pool;

/// <summary>What was seen of a worker since its last sign of life.</summary>
/// <param name="Computed">The processor time in user mode that it had used when its silence was first noticed.</param>
/// <param name="StoppedSince">Since when it is stopped; <c>null</c> where it is not.</param>
public sealed record Silence(TimeSpan Computed, DateTimeOffset? StoppedSince);
