using System.Runtime.ExceptionServices;

namespace Trainyard.Shell.Client.Native;

/// <summary>The same work on several threads at once.</summary>
internal static class Jobs
{
    /// <summary>The most that a call may ask for.</summary>
    public const int Most = 64;

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
