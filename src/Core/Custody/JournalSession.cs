using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>A native session after its hellos.</summary>
/// <param name="Peer">What the client is willing to receive.</param>
/// <param name="Algorithm">The session's hash algorithm.</param>
/// <param name="Intake">What the client's next byte belongs to.</param>
public sealed record JournalSession(SessionLimits Peer, HashAlgorithm Algorithm, JournalIntake Intake);
