using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>What was asked of the store, or why not.</summary>
internal readonly struct StoreResult<T>
{
    /// <summary>It was done.</summary>
    public StoreResult(T value) => Value = value;

    /// <summary>It failed.</summary>
    public StoreResult(Failure failure) => Failure = failure;

    /// <summary>What was asked for; <c>null</c> or nothing on a failure.</summary>
    public T? Value { get; }

    /// <summary>Why not; <c>null</c> where it was done.</summary>
    public Failure? Failure { get; }
}
