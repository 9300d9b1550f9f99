using System.Diagnostics;
using Trainyard.Core.Lane;
using Trainyard.Core.Worker;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>A worker's loop on a thread of the test, whose master is the test.</summary>
internal sealed class LoopThread : IDisposable
{
    private readonly Task<WorkerLeave> _leave;

    public LoopThread(Func<MemoryLane, Scoreboard, WorkerLeave> run)
    {
        (Lane, var theirs) = MemoryLane.CreatePair();
        _leave = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return run(theirs, Scoreboard);
                }
                finally
                {
                    theirs.Dispose();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Scoreboard Scoreboard { get; } = Scoreboard.Create();

    public MemoryLane Lane { get; }

    /// <summary>Waits for the next message of the worker.</summary>
    public LaneMessage Next()
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            if (Lane.Receive() is LaneReceipt.Message(var message, _))
                return message;
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), "the worker says nothing");
            Libc.Poll(Lane.Readable, PollEvents.Readable, 1000);
        }
    }

    public void Configure(int threads, int slots)
    {
        Lane.Send(new LaneMessage.Configure(0, threads, slots, default));
        Assert.Equal(new LaneMessage.Ready(threads * slots), Next());
    }

    public void Assign(long connection, Descriptor socket)
    {
        Lane.Send(new LaneMessage.Assign(new(connection), -1), socket);
        Assert.Equal(new LaneMessage.Acknowledge(new(connection)), Next());
    }

    /// <summary>Waits for the worker's end.</summary>
    public async Task<WorkerLeave> LeaveAsync() => await _leave.WaitAsync(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        Lane.Dispose();
        // Threads that were given up still count on the scoreboard until they see their lane closed.
        var since = Stopwatch.StartNew();
        while (HasWorkerThreads())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), "a thread stays");
            Thread.Sleep(5);
        }
        Scoreboard.Dispose();
    }

    private static bool HasWorkerThreads() =>
        Directory.EnumerateDirectories("/proc/self/task").Any(task =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("worker ", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
