using System.Reflection;
using Trainyard.Core.Pool;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Control;

/// <summary>Puts a <see cref="StatusDocument"/> together from the pool's state, the scoreboard, the journal and /proc. On the master's thread.</summary>
internal sealed class StatusCollector(MasterContext context, DateTimeOffset since)
{
    private static readonly string Version =
        typeof(StatusCollector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly RateSampler _rates = new(since);

    /// <summary>Remembers the counters, for rates; about once a second.</summary>
    public void Sample(DateTimeOffset now) =>
        _rates.Take(now, TotalBytes(), context.Workers.All.Select(worker => (worker.Id, BytesOf(worker), TransferOf(worker))));

    /// <summary>How the server is.</summary>
    public StatusDocument Collect(PoolState state, DateTimeOffset now) =>
        new(
            ServerOf(state, now),
            new QueueStatus(state.Queued, LongestWait(state, now), state.Policy.Backlog),
            CountsOf(state, now),
            [.. state.Workers.Map(worker => WorkerOf(worker, now))],
            [.. context.Journal.Ends.Select(end => new RestartStatus(end.Worker.Value, end.Pid, end.At, end.Cause))]);

    private ServerStatus ServerOf(PoolState state, DateTimeOffset now) =>
        new(
            Version,
            Environment.ProcessId,
            [.. context.Listeners.Select(listener => EndPointText.Of(listener.EndPoint))],
            state.Phase switch
            {
                Phase.Running => "running",
                Phase.Draining => "draining",
                Phase.Stopping => "stopping",
                _ => "stopped",
            },
            since,
            Seconds(now - since),
            state.IsRunning && !state.AcceptPaused,
            state.Phase is Phase.Running { Successor: not null },
            state.Target);

    private CountsStatus CountsOf(PoolState state, DateTimeOffset now)
    {
        var tally = state.Tally;
        var journal = context.Journal;
        var rejected = new RejectedStatus(
            journal.Rejected(RejectReason.QueueFull), journal.Rejected(RejectReason.WaitedTooLong),
            journal.Rejected(RejectReason.ShuttingDown), journal.Rejected(RejectReason.NobodyTookIt),
            journal.Rejected(RejectReason.TooManyFromAddress));
        var bytes = TotalBytes();
        return new(
            tally.Accepted, tally.Held, tally.Completed, tally.HandedOn, tally.Redispatched, tally.Rejected, rejected, tally.Aborted,
            (long)bytes, _rates.Total(now, bytes), state.Parked.Count, tally.Continued);
    }

    private WorkerStatus WorkerOf(Core.Pool.Worker worker, DateTimeOffset now)
    {
        var state = worker.State switch
        {
            WorkerState.Starting => "starting",
            WorkerState.Serving when worker.Outgoing => "leaving",
            WorkerState.Serving serving => worker.Load >= serving.Slots ? "busy" : "ready",
            WorkerState.Retiring => "leaving",
            _ => "killed",
        };
        var slots = worker.State is WorkerState.Serving { Slots: var offered } ? offered : 0;
        var age = Seconds(now - worker.Spawned);
        if (context.Workers.Find(worker.Id) is not { } process)
            return new(worker.Id.Value, 0, state, slots, worker.Load, 0, 0, 0, age, 0, null);
        var bytes = BytesOf(process);
        return new(
            worker.Id.Value, process.Pid, state, slots, worker.Load, ServedOf(process), (long)bytes,
            _rates.Worker(now, worker.Id, bytes), age, ProcessMemory.Resident(process.Pid),
            TransferOf(process) is { } transfer
                ? new(SafeText.Of(transfer.Path), transfer.Offset, transfer.Size, _rates.Transfer(now, worker.Id, transfer))
                : null);
    }

    private ulong TotalBytes() => context.Workers.All.Aggregate(context.Journal.PastBytes, (sum, worker) => sum + BytesOf(worker));

    private ulong BytesOf(WorkerProcess worker) =>
        context.Scoreboard.Read(worker.Cell, context.Workers.CellsPerWorker).Progress;

    private long ServedOf(WorkerProcess worker) => CellsOf(worker).Sum(cell => (long)context.Scoreboard.ReadServed(cell));

    private TransferRecord? TransferOf(WorkerProcess worker) =>
        CellsOf(worker).Select(context.Scoreboard.ReadTransfer).FirstOrDefault(transfer => transfer is not null);

    private IEnumerable<int> CellsOf(WorkerProcess worker) => Enumerable.Range(worker.Cell, context.Workers.CellsPerWorker);

    private static double LongestWait(PoolState state, DateTimeOffset now)
    {
        foreach (var waiting in state.Waiting.Values)
            return Seconds(now - waiting.Arrived);
        return 0;
    }

    private static double Seconds(TimeSpan time) => Math.Round(Math.Max(0, time.TotalSeconds), 3);
}
