namespace Trainyard.Shell.Linux;

/// <summary>How much a process can still open under its limit of descriptors (RLIMIT_NOFILE).</summary>
internal static class DescriptorBudget
{
    // What a process opens on the way without counting it: a runtime's assembly, a log, /proc.
    private const long Margin = 16;

    /// <summary>How many connections of so many descriptors each there is room for; at least 1, at most <paramref name="wanted"/>.</summary>
    public static int Connections(int wanted, int descriptorsEach)
    {
        var limit = (long)Math.Min(Libc.OpenFileLimit().Soft, int.MaxValue);
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();
        return (int)Math.Clamp((limit - open - Margin) / descriptorsEach, 1, Math.Max(1, wanted));
    }
}
