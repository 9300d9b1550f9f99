using Microsoft.Extensions.Logging.Abstractions;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;
using Xunit;

namespace Trainyard.Integration.Lanes;

/// <summary>What a master has gathered for its workers: it leaves together, and nothing that has become another's meanwhile.</summary>
public sealed class OutboxTests
{
    private static readonly WorkerId Worker = new(1);
    private static readonly WorkerId Another = new(2);

    [Fact]
    public void What_was_dispatched_in_one_round_arrives_in_its_order() => WithWorker((context, outbox, lane) =>
    {
        var connections = Enumerable.Range(0, LaneChannel.MostAssigned + 3).Select(_ => Take(context, Worker)).ToArray();
        foreach (var connection in connections)
            outbox.Put(context.Workers.Find(Worker)!, connection);
        Assert.Empty(SendAll(outbox));
        Assert.Equal(connections, Arrived(lane));
    });

    [Fact]
    public void What_has_ended_or_is_another_workers_is_left_out() => WithWorker((context, outbox, lane) =>
    {
        var connections = Enumerable.Range(0, 4).Select(_ => Take(context, Worker)).ToArray();
        foreach (var connection in connections)
            outbox.Put(context.Workers.Find(Worker)!, connection);
        context.Connections.Close(connections[0]);
        context.Connections.Find(connections[2])!.Worker = Another;
        Assert.Empty(SendAll(outbox));
        Assert.Equal([connections[1], connections[3]], Arrived(lane));
        outbox.Put(context.Workers.Find(Worker)!, connections[0]);
        Assert.Empty(SendAll(outbox));
        Assert.Empty(Arrived(lane));
    });

    [Fact]
    public void A_worker_that_is_gone_is_said_to_take_nothing() => WithWorker((context, outbox, lane) =>
    {
        var connections = Enumerable.Range(0, 3).Select(_ => Take(context, Worker)).ToArray();
        foreach (var connection in connections)
            outbox.Put(context.Workers.Find(Worker)!, connection);
        context.Workers.Remove(context.Workers.Find(Worker)!);
        Assert.Equal(connections, SendAll(outbox).Select(static failed => Assert.IsType<PoolEvent.Refused>(failed).Connection));
    });

    [Fact]
    public void A_lane_that_nobody_reads_is_said_to_be_full_and_not_to_refuse() => WithWorker((context, outbox, lane) =>
    {
        var connection = Take(context, Worker);
        PoolEvent[] failed = [];
        for (var i = 0; failed.Length == 0; i++)
        {
            Assert.True(i < 100_000, "the lane is never full");
            outbox.Put(context.Workers.Find(Worker)!, connection);
            failed = SendAll(outbox);
        }
        Assert.Equal((Worker, connection), Assert.IsType<PoolEvent.LaneFull>(failed.Single()) is var full ? (full.Worker, full.Connection) : default);
        Assert.All(Arrived(lane), arrived => Assert.Equal(connection, arrived));
    });

    private static void WithWorker(Action<MasterContext, Outbox, LaneChannel> check) => DescriptorLeak.Check(() =>
    {
        using var context = new MasterContext([], new WorkerProgram("/bin/false"), threads: 1, slots: 64, default, NullLogger.Instance);
        var (ours, theirs) = LaneChannel.CreatePair();
        using var lane = new LaneChannel(theirs);
        var process = Libc.OpenProcess(Environment.ProcessId).OrThrow("pidfd_open");
        context.Workers.Add(new WorkerProcess(Worker, Environment.ProcessId, context.Workers.TakeCell()!.Value, process, ours));
        check(context, new Outbox(context), lane);
    });

    private static ConnectionId Take(MasterContext context, WorkerId worker)
    {
        var (socket, other) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        other.Dispose();
        var connection = context.Connections.Take(socket, peer: null);
        context.Connections.Find(connection)!.Worker = worker;
        return connection;
    }

    private static PoolEvent[] SendAll(Outbox outbox)
    {
        var failed = new Queue<PoolEvent>();
        outbox.SendAll(failed);
        return [.. failed];
    }

    private static ConnectionId[] Arrived(LaneChannel lane)
    {
        List<ConnectionId> arrived = [];
        while (lane.Receive() is LaneReceipt.Message(LaneMessage.Assign(var connection, _), var descriptor))
        {
            Assert.NotNull(descriptor);
            descriptor.Dispose();
            arrived.Add(connection);
        }
        return [.. arrived];
    }
}
