using System.Globalization;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Lanes;

namespace Trainyard.Shell.Worker;

/// <summary>One thread of a worker process, with a <see cref="WorkerLoop"/> and everything that it touches to itself.</summary>
internal sealed class WorkerThread : IDisposable
{
    private readonly Thread _thread;
    private WorkerLeave _leave = WorkerLeave.ThreadFailed;
    private int _kernelId;

    /// <summary>A thread that begins with <see cref="Start"/>.</summary>
    /// <param name="id">The name the pool machine knows it by.</param>
    /// <param name="cell">Its cell on the scoreboard.</param>
    /// <param name="scoreboard">Where it counts.</param>
    /// <param name="journal">Where it says what it does; <c>null</c> where nobody could go on with that.</param>
    /// <param name="services">Makes its service; called on the thread itself.</param>
    /// <exception cref="Linux.NativeException">No descriptor left for its lane.</exception>
    public WorkerThread(WorkerId id, int cell, Scoreboard scoreboard, Journal? journal, Func<Settings, IConnectionService?> services)
    {
        Id = id;
        Cell = cell;
        (Lane, var theirs) = MemoryLane.CreatePair();
        // A thread that hangs must not keep its process from ending.
        _thread = new Thread(() => Run(theirs, scoreboard, journal, services))
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"worker {id.Value}"),
        };
    }

    /// <summary>The name the pool machine knows it by.</summary>
    public WorkerId Id { get; }

    /// <summary>Its cell on the scoreboard.</summary>
    public int Cell { get; }

    /// <summary>The lane to it, which closes when it ends.</summary>
    public MemoryLane Lane { get; }

    /// <summary>The kernel's number of it; 0 before it runs.</summary>
    public int KernelId => Volatile.Read(ref _kernelId);

    /// <summary>How many heartbeats were seen when last looked at.</summary>
    public ulong BeatsSeen { get; set; }

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits for its end, which is at hand once its lane has closed.</summary>
    /// <returns>Why it ended.</returns>
    public WorkerLeave Join()
    {
        _thread.Join();
        return _leave;
    }

    /// <inheritdoc/>
    public void Dispose() => Lane.Dispose();

    private void Run(MemoryLane lane, Scoreboard scoreboard, Journal? journal, Func<Settings, IConnectionService?> services)
    {
        Volatile.Write(ref _kernelId, Linux.Libc.ThreadId());
        try
        {
            using var loop = new WorkerLoop(lane, scoreboard, services, signals: null, journal);
            _leave = loop.Run();
        }
        catch (Exception e)
        {
            _leave = WorkerLeave.ThreadFailed;
            WorkerLog.ThreadFailed(Id, e);
        }
        finally
        {
            lane.Dispose();
        }
    }
}
