using LanguageExt;

namespace Trainyard.Core.Protocol;

/// <summary>What a server offers and demands in each of its sessions.</summary>
/// <param name="Limits">What it is willing to receive.</param>
/// <param name="Hashes">The hash algorithms it knows.</param>
/// <param name="Timeouts">How long it waits.</param>
/// <param name="Session">Names the session in logs; at most <see cref="Message.MaximumToken"/> bytes.</param>
public sealed record ServerPolicy(SessionLimits Limits, Arr<HashAlgorithm> Hashes, SessionTimeouts Timeouts, Opaque Session);
