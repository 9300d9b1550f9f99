using Trainyard.Core.Machine;

namespace Trainyard.Core.Worker;

/// <summary>One step of <see cref="WorkerMachine"/>.</summary>
public readonly record struct WorkerStep(WorkerLife State, Commands<WorkerCommand> Commands);
