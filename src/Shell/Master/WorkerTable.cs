using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;

namespace Trainyard.Shell.Master;

/// <summary>The living workers by name, and the scoreboard cells that they use.</summary>
/// <param name="cellsPerWorker">How many cells each worker uses, one after the other.</param>
internal sealed class WorkerTable(int cellsPerWorker) : IDisposable
{
    private readonly Dictionary<WorkerId, WorkerProcess> _workers = [];
    private readonly SortedSet<int> _freeCells = [.. Enumerable.Range(0, Scoreboard.Cells / cellsPerWorker).Select(worker => worker * cellsPerWorker)];

    /// <summary>The living workers.</summary>
    public IReadOnlyCollection<WorkerProcess> All => _workers.Values;

    /// <summary>How many cells each worker uses.</summary>
    public int CellsPerWorker => cellsPerWorker;

    /// <summary>The first of a worker's cells, the lowest that are free; <c>null</c> where as many workers live as there are cells for.</summary>
    public int? TakeCell()
    {
        if (_freeCells.Count == 0)
            return null;
        var cell = _freeCells.Min;
        _freeCells.Remove(cell);
        return cell;
    }

    /// <summary>Gives a worker's cells back.</summary>
    public void ReturnCell(int cell) => _freeCells.Add(cell);

    /// <summary>A worker has been spawned.</summary>
    public void Add(WorkerProcess worker) => _workers.Add(worker.Id, worker);

    /// <summary>A living worker; <c>null</c> where it has ended.</summary>
    public WorkerProcess? Find(WorkerId id) => _workers.GetValueOrDefault(id);

    /// <summary>A worker has ended and was reaped.</summary>
    public void Remove(WorkerProcess worker)
    {
        _workers.Remove(worker.Id);
        ReturnCell(worker.Cell);
        worker.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in _workers.Values)
            worker.Dispose();
        _workers.Clear();
    }
}
