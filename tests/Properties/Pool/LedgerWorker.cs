using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>What an observer of commands and events knows about one living worker.</summary>
internal sealed class LedgerWorker(WorkerId id)
{
    public WorkerId Id { get; } = id;
    public bool IsReady { get; set; }
    public int Slots { get; set; }
    public bool IsTold { get; set; }
    public bool HandsOver { get; set; }
    public bool IsKilled { get; set; }
    public DateTimeOffset? RefusingUntil { get; set; }
    public int Window { get; set; } = int.MaxValue;
    public long Ended { get; set; }
    public ulong Progress { get; set; }
    public SortedSet<long> Offered { get; } = [];
    public SortedSet<long> Serving { get; } = [];

    public int Load => Offered.Count + Serving.Count;
    public bool MayBeOffered => IsReady && !IsTold && !IsKilled && RefusingUntil is null && Offered.Count < Window;
    public bool Has(long connection) => Offered.Contains(connection) || Serving.Contains(connection);
    public bool Drop(long connection) => Offered.Remove(connection) || Serving.Remove(connection);
}
