using BenchmarkDotNet.Attributes;
using Trainyard.Core.Pool;

namespace Trainyard.Micro;

/// <summary>What the pool machine costs for each connection.</summary>
public class PoolSteps
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private PoolState _state = null!;
    private long _connections;

    /// <summary>How many workers there are, of 1024 slots each.</summary>
    [Params(4, 64)]
    public int Workers { get; set; }

    /// <summary>Has every worker ready.</summary>
    [GlobalSetup]
    public void Start()
    {
        _state = PoolMachine.Start(new(Workers), Now).State;
        for (var worker = 1; worker <= Workers; worker++)
            Step(new PoolEvent.WorkerReady(new(worker), 1024, 0.5, Now));
    }

    /// <summary>One connection from its arrival to its end: accepted, dispatched, acknowledged, done.</summary>
    [Benchmark]
    public PoolState Connection()
    {
        var connection = new ConnectionId(++_connections);
        var commands = Step(new PoolEvent.Accepted(connection, PeerKey.None, Now)).Commands;
        var worker = default(WorkerId);
        foreach (var command in commands)
            if (command is PoolCommand.Dispatch dispatch)
                worker = dispatch.Worker;
        Step(new PoolEvent.Acknowledged(worker, connection, Now));
        Step(new PoolEvent.Done(worker, connection, Now));
        return _state;
    }

    private PoolStep Step(PoolEvent ev)
    {
        var step = PoolMachine.Step(_state, ev);
        _state = step.State;
        return step;
    }
}
