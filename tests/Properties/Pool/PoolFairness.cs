using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>Invariant 8.</summary>
public class PoolFairness
{
    /// <summary>Equal slots, equally long jobs (the first dispatched is the first done), any load at any time.</summary>
    [Property(MaxTest = 300)]
    public Property Dispatch_counts_differ_by_at_most_one(PositiveInt workers, PositiveInt slots, bool[] arrivals)
    {
        var count = 1 + (workers.Get % 6);
        var state = PoolMachine.Start(new PoolPolicy(count), PoolWorld.Epoch).State;
        for (var i = 1; i <= count; i++)
            state = PoolMachine.Step(state, new PoolEvent.WorkerReady(new(i), 1 + (slots.Get % 4), 0, PoolWorld.Epoch)).State;

        var counts = new int[count];
        var running = new Queue<PoolCommand.Dispatch>();
        for (var i = 0; i < arrivals.Length; i++)
        {
            if (!arrivals[i] && running.Count == 0)
                continue;
            PoolEvent ev = arrivals[i]
                ? new PoolEvent.Accepted(new(i), PeerKey.None, PoolWorld.Epoch)
                : new PoolEvent.Done(running.Peek().Worker, running.Dequeue().Connection, PoolWorld.Epoch);
            var step = PoolMachine.Step(state, ev);
            state = step.State;
            foreach (var dispatch in step.Commands.OfType<PoolCommand.Dispatch>())
            {
                counts[dispatch.Worker.Value - 1]++;
                running.Enqueue(dispatch);
            }
            if (counts.Max() - counts.Min() > 1)
                return false.Label($"after {i + 1} steps: {string.Join(' ', counts)}");
        }
        return true.ToProperty();
    }
}
