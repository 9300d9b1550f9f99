using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;

namespace Trainyard.Shell.Control;

/// <summary>Rates from counters: what they are now, less what they were about a second ago. Not thread-safe.</summary>
internal sealed class RateSampler
{
    // A younger sample than this makes a rate of noise.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    private Sample _last;
    private Sample _beforeLast;

    /// <summary>A sampler whose counters begin at zero.</summary>
    public RateSampler(DateTimeOffset now) => _last = _beforeLast = new Sample(now, 0, []);

    /// <summary>Remembers the counters; about once a second.</summary>
    public void Take(DateTimeOffset now, ulong total, IEnumerable<(WorkerId Worker, ulong Bytes, TransferRecord? Transfer)> workers)
    {
        _beforeLast = _last;
        _last = new Sample(now, total, workers.ToDictionary(worker => worker.Worker, worker => (worker.Bytes, worker.Transfer)));
    }

    /// <summary>Bytes a second of the whole server.</summary>
    public double Total(DateTimeOffset now, ulong total) => Rate(now, Earlier(now), (long)total, (long)Earlier(now).Total);

    /// <summary>Bytes a second of one worker.</summary>
    public double Worker(DateTimeOffset now, WorkerId worker, ulong bytes)
    {
        var earlier = Earlier(now);
        return Rate(now, earlier, (long)bytes, earlier.Workers.TryGetValue(worker, out var then) ? (long)then.Bytes : 0);
    }

    /// <summary>Bytes a second of one transfer; its bytes from the beginning on where it began after the earlier sample.</summary>
    public double Transfer(DateTimeOffset now, WorkerId worker, TransferRecord transfer)
    {
        var earlier = Earlier(now);
        var then = earlier.Workers.TryGetValue(worker, out var found) && found.Transfer?.Connection == transfer.Connection ? found.Transfer.Offset : 0;
        return Rate(now, earlier, transfer.Offset, then);
    }

    private Sample Earlier(DateTimeOffset now) => now - _last.At >= ShortestInterval ? _last : _beforeLast;

    private static double Rate(DateTimeOffset now, Sample earlier, long count, long then)
    {
        var elapsed = (now - earlier.At).TotalSeconds;
        return elapsed > 0 ? Math.Round(Math.Max(0, count - then) / elapsed, 1) : 0;
    }

    private sealed record Sample(
        DateTimeOffset At, ulong Total, Dictionary<WorkerId, (ulong Bytes, TransferRecord? Transfer)> Workers);
}
