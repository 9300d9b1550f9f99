using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>The progress of several transfers as that of one. Thread-safe.</summary>
/// <param name="total">Told the sum each time one of them moves.</param>
/// <param name="items">All of them.</param>
internal sealed class SetProgress(IProgress<TransferProgress> total, IReadOnlyList<TransferItem> items)
{
    private readonly Lock _lock = new();
    private readonly TransferProgress[] _latest = [.. items.Select(static item => new TransferProgress(0, item.Size))];
    private readonly bool[] _isDone = new bool[items.Count];

    /// <summary>Where one of them tells how far it is. The only one tells it as it is.</summary>
    public IProgress<TransferProgress> Of(int index) => items.Count == 1 ? total : new One(this, index);

    /// <summary>One of them has ended.</summary>
    public void Ended(int index)
    {
        lock (_lock)
            _isDone[index] = true;
    }

    private void Report(int index, TransferProgress value)
    {
        lock (_lock)
        {
            _latest[index] = value;
            total.Report(Sum(value.Current ?? items[index].Label));
        }
    }

    private TransferProgress Sum(string current)
    {
        var sum = new TransferProgress(0, 0) { TotalFiles = 0, Current = current };
        for (var at = 0; at < _latest.Length; at++)
        {
            var one = _latest[at];
            var isTree = items[at].IsTree;
            sum = sum with
            {
                Bytes = sum.Bytes + one.Bytes,
                Total = sum.Total + one.Total,
                Resumed = sum.Resumed + one.Resumed,
                Files = sum.Files + (isTree ? one.Files : _isDone[at] ? 1 : 0),
                TotalFiles = sum.TotalFiles + (isTree ? one.TotalFiles : 1),
                Reconnects = sum.Reconnects + one.Reconnects,
            };
        }
        return sum;
    }

    private sealed class One(SetProgress set, int index) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => set.Report(index, value);
    }
}
