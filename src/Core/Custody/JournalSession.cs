using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>A native session after its hellos.</summary>
/// <param name="Peer">What the client is willing to receive.</param>
/// <param name="Algorithm">The session's hash algorithm.</param>
/// <param name="Intake">What the client's next byte belongs to.</param>
/// <param name="NextToken">
/// By which the next upload's file will be found, at most <see cref="Message.MaximumToken"/> bytes: said before the file is made, so that whoever does that again does
/// not leave another one behind. Empty where none is about to be made.
/// </param>
public sealed record JournalSession(SessionLimits Peer, HashAlgorithm Algorithm, JournalIntake Intake, Opaque NextToken = default);
