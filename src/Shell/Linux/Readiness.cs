namespace Trainyard.Shell.Linux;

/// <summary>One entry that a <see cref="PollHandle"/> reports.</summary>
/// <param name="Token">The number given when the descriptor was added.</param>
/// <param name="Events">What it is ready for.</param>
public readonly record struct Readiness(ulong Token, PollEvents Events);
