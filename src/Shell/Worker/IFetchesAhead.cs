namespace Trainyard.Shell.Worker;

/// <summary>A driver that knows what its next turn will read, and has it fetched from memory before.</summary>
internal interface IFetchesAhead
{
    /// <summary>How often it is to be called: each time, what was fetched the last time says where the rest is.</summary>
    const int Steps = 3;

    /// <summary>One step, which must not wait for memory that no step before has fetched (<see cref="CacheLines"/>).</summary>
    /// <param name="step">0 to <see cref="Steps"/> - 1.</param>
    void FetchAhead(int step);
}
