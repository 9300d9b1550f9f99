namespace Trainyard.Core.Pool;

/// <summary>A hand-off that its worker has not answered yet.</summary>
/// <param name="Connection">What was offered.</param>
/// <param name="Worker">To whom.</param>
/// <param name="Since">When.</param>
public sealed record Offer(ConnectionId Connection, WorkerId Worker, DateTimeOffset Since);
