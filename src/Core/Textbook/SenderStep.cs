using Trainyard.Core.Machine;

namespace Trainyard.Core.Textbook;

/// <summary>What follows from one event.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Commands">What to do, in this order.</param>
public readonly record struct SenderStep(SenderState State, Commands<SenderCommand> Commands);
