using System.Runtime.ExceptionServices;

namespace Trainyard.Shell.Client.Native;

/// <summary>The same work on several threads at once.</summary>
internal static class Jobs
{
    /// <summary>The most that a call may ask for.</summary>
    public const int Most = 64;

    // One for which answers are on their way, one that waits for the disk, one for each processor in between.
    private const int Usual = 4;

    // For fewer a connection costs more than it brings.
    private const int FilesOfOne = 64;

    // Who has room says hello at once; who has none lets us wait.
    private static readonly TimeSpan Welcome = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs it for each connection that carries a tree's files.</summary>
    /// <param name="options">How many; 0 is as many as help, and for which the server has room at once.</param>
    /// <param name="files">How many files there are.</param>
    /// <param name="pool">Sessions.</param>
    /// <param name="call">The call that it belongs to.</param>
    /// <param name="work">As for the other one.</param>
    public static void Run(TreeOptions options, int files, SessionPool pool, Call call, Action work)
    {
        if (options.Jobs > 0)
        {
            Run(options.Jobs, work);
            return;
        }
        var first = 0;
        Run(Math.Clamp(files / FilesOfOne, 1, Usual), () =>
        {
            if (Interlocked.Exchange(ref first, 1) == 0 || IsWelcome(pool, call))
                work();
        });
    }

    private static bool IsWelcome(SessionPool pool, Call call)
    {
        using var brief = new Call(call.Options with { ConnectLimit = Welcome }, null, call.Cancellation);
        try
        {
            pool.Return(pool.Rent(brief));
            return true;
        }
        catch (TransferException)
        {
            return false;
        }
    }

    /// <summary>Runs it, once on this thread and on as many others as make up the count, and waits for all of them.</summary>
    /// <param name="count">How often, at least once.</param>
    /// <param name="work">Takes its share from somewhere itself, until nothing is left.</param>
    /// <exception cref="Exception">The first failure, after all have ended.</exception>
    public static void Run(int count, Action work)
    {
        var others = new List<Task>();
        for (var job = 1; job < Math.Clamp(count, 1, Most); job++)
            others.Add(Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        Exception? failed = null;
        try
        {
            work();
        }
        catch (Exception failure)
        {
            failed = failure;
        }
        foreach (var other in others)
        {
            try
            {
                other.GetAwaiter().GetResult();
            }
            catch (Exception failure)
            {
                failed ??= failure;
            }
        }
        if (failed is not null)
            ExceptionDispatchInfo.Throw(failed);
    }
}
