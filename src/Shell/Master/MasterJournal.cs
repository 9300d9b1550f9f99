using Trainyard.Core.Pool;

namespace Trainyard.Shell.Master;

/// <summary>What has happened in a master and is not in the pool's state: for those who ask, never for a decision. Bounded.</summary>
internal sealed class MasterJournal
{
    /// <summary>How many ends of workers are remembered.</summary>
    public const int RememberedEnds = 16;

    private readonly Queue<WorkerEnd> _ends = new();
    private readonly long[] _rejected = new long[Enum.GetValues<RejectReason>().Length];

    /// <summary>The last ends of workers, the oldest first.</summary>
    public IReadOnlyCollection<WorkerEnd> Ends => _ends;

    /// <summary>Bytes moved by workers that have ended.</summary>
    public ulong PastBytes { get; private set; }

    /// <summary>How many connections were refused for a reason.</summary>
    public long Rejected(RejectReason reason) => _rejected[(int)reason];

    /// <summary>A connection was refused.</summary>
    public void CountRejected(RejectReason reason) => _rejected[(int)reason]++;

    /// <summary>A worker has ended, or could not be started.</summary>
    public void Add(WorkerEnd end, ulong bytes)
    {
        PastBytes += bytes;
        if (_ends.Count == RememberedEnds)
            _ends.Dequeue();
        _ends.Enqueue(end);
    }
}

/// <summary>A worker's end.</summary>
/// <param name="Worker">Which worker.</param>
/// <param name="Pid">Its process id; 0 where it could not be started.</param>
/// <param name="At">When it was noticed.</param>
/// <param name="Cause">How it ended, as a clause.</param>
internal sealed record WorkerEnd(WorkerId Worker, int Pid, DateTimeOffset At, string Cause);
