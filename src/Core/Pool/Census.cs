namespace Trainyard.Core.Pool;

/// <summary>The workers of a state, counted.</summary>
/// <param name="Alive">All whose exit was not noticed.</param>
/// <param name="Up">Those that serve or will: starting and serving.</param>
/// <param name="Serving">Those that serve.</param>
/// <param name="Outgoing">Those that are starting or serving and hold no place.</param>
/// <param name="Places">The places that are taken: by workers that are not outgoing, and by replacements that wait out a back-off.</param>
internal readonly record struct Census(int Alive, int Up, int Serving, int Outgoing, int Places)
{
    internal static Census Of(PoolState state)
    {
        int up = 0, serving = 0, outgoing = 0, places = state.Respawns.Count;
        foreach (var worker in state.Workers)
        {
            var isServing = worker.State is WorkerState.Serving;
            var isUp = isServing || worker.State is WorkerState.Starting;
            serving += isServing ? 1 : 0;
            up += isUp ? 1 : 0;
            outgoing += isUp && worker.Outgoing ? 1 : 0;
            places += worker.Outgoing ? 0 : 1;
        }
        return new(state.Workers.Count, up, serving, outgoing, places);
    }
}
