using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Trainyard.Integration.Support;

/// <summary>Compares what this process has open before and after a test's body.</summary>
internal static class DescriptorLeak
{
    private const int Attempts = 4;

    /// <summary>Runs the body and fails when it leaves descriptors open, or has closed one that it did not open.</summary>
    /// <remarks>
    /// The process is not the body's alone: the runtime opens an assembly or a device when some thread needs it first. So a difference
    /// counts only when it stays, and when it is there again after every one of a few runs; a leak of the body's own is.
    /// </remarks>
    public static void Check(Action body)
    {
        body();
        for (var attempt = 1; ; attempt++)
        {
            var before = Open();
            body();
            if (Settles(before))
                return;
            if (attempt == Attempts)
                Assert.Equal(before, Open());
        }
    }

    /// <summary>The same for a body that awaits; only how many there are is compared, since awaited work lets others open in between.</summary>
    public static async Task CheckAsync(Func<Task> body)
    {
        await body();
        for (var attempt = 1; ; attempt++)
        {
            var before = Open();
            await body();
            if (Settles(before, counted: true))
                return;
            if (attempt == Attempts)
                Assert.Equal(before, Open());
        }
    }

    /// <summary>Number and target of every open descriptor, sorted by number.</summary>
    public static List<string> Open()
    {
        var open = new SortedDictionary<int, string>();
        // Not GetFiles, which leaves out the links that lead to directories.
        foreach (var entry in new DirectoryInfo("/proc/self/fd").GetFileSystemInfos())
        {
            // The descriptor that lists the directory is gone when its turn comes.
            if (entry.LinkTarget is { } target && !target.EndsWith("/fd", StringComparison.Ordinal))
                open.Add(int.Parse(entry.Name, CultureInfo.InvariantCulture), target);
        }
        return [.. open.Select(entry => $"{entry.Key} -> {entry.Value}")];
    }

    private static bool Settles(List<string> expected, bool counted = false)
    {
        var since = Stopwatch.StartNew();
        while (!(counted ? Open().Count == expected.Count : Open().SequenceEqual(expected)))
        {
            if (since.Elapsed > TimeSpan.FromSeconds(2))
                return false;
            Thread.Sleep(10);
        }
        return true;
    }
}
