namespace Trainyard.Core.Pool;

/// <summary>A failed worker's replacement that waits out its back-off.</summary>
/// <param name="Due">When it is to be spawned.</param>
/// <param name="Failures">How many workers in a row have failed in this place.</param>
public readonly record struct Respawn(DateTimeOffset Due, int Failures);
