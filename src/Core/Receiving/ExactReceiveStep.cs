namespace Trainyard.Core.Receiving;

/// <summary>An exact receive after one call, and what to do next.</summary>
/// <param name="State">The progress so far.</param>
/// <param name="Verdict">What to do next.</param>
public readonly record struct ExactReceiveStep(ExactReceive State, ReceiveVerdict Verdict);
