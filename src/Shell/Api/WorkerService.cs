namespace Trainyard.Shell;

/// <summary>A service that a program's workers can run.</summary>
/// <param name="Name">What <see cref="WorkerPoolOptions.Service"/> calls it.</param>
/// <param name="Create">
/// Makes it, in the worker process, from <see cref="WorkerPoolOptions.Settings"/>; <c>null</c> where those are not understood, which ends
/// the worker with status 78. With several threads it is called once for each, so that a service needs no lock.
/// </param>
public sealed record WorkerService(string Name, Func<ReadOnlyMemory<byte>, IConnectionService?> Create);
