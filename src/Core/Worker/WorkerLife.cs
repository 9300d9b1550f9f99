using System.Collections.Immutable;
using Trainyard.Core.Pool;

namespace Trainyard.Core.Worker;

/// <summary>What a worker knows of itself.</summary>
/// <param name="Stage">Where it is in its life.</param>
/// <param name="Slots">How many connections it may hold at once; 0 until it is configured.</param>
/// <param name="Held">The connections it holds.</param>
public sealed record WorkerLife(WorkerStage Stage, int Slots, ImmutableHashSet<ConnectionId> Held)
{
    /// <summary>Whether its connections are to end soon.</summary>
    public bool IsDraining { get; internal init; }

    /// <summary>Whether its connections are to be given back.</summary>
    public bool IsHandingOver { get; internal init; }

    /// <summary>A worker that has just been spawned.</summary>
    public static WorkerLife Spawned { get; } = new(WorkerStage.Configuring, 0, []);
}
