using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Worker;

/// <summary>A service that can say how the server is that it is a part of.</summary>
internal interface IObservesPool
{
    /// <summary>Called once, before the first connection.</summary>
    /// <param name="status">Reads what the master has said last. Each number is one that it said; they need not be of the same moment.</param>
    void Observe(Func<ServerStatus> status);
}
