using System.Globalization;

namespace Trainyard.Shell.Master;

/// <summary>What the kernel tells of a process that no longer tells anything itself (proc(5)).</summary>
internal static class HungProcess
{
    // USER_HZ, which Linux has as 100 wherever .NET runs.
    private const double TicksPerSecond = 100;

    /// <summary>Its state, and the kernel function in which its main thread waits, as far as the kernel says.</summary>
    public static string Describe(int pid)
    {
        var state = ReadLine(pid, "status", "State:");
        var waiting = ReadLine(pid, "wchan", "");
        return $"state {(state.Length == 0 ? "unknown" : state)}, waits in {(waiting is "" or "0" ? "user code" : waiting)}";
    }

    /// <summary>Whether a thread is stopped, and the processor time that it has used in user mode, in steps of 10 ms; neither where it has ended.</summary>
    /// <param name="pid">Its process.</param>
    /// <param name="thread">The thread; the same number for a process's first one.</param>
    public static (bool IsStopped, TimeSpan Computed) Observe(int pid, int thread)
    {
        // The name in front may hold anything, but the last bracket ends it (proc(5), stat).
        var line = ReadLine(pid, string.Create(CultureInfo.InvariantCulture, $"task/{thread}/stat"), "");
        var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 11 && ulong.TryParse(fields[11], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (fields[0] == "T", TimeSpan.FromSeconds(1) * (ticks / TicksPerSecond))
            : default;
    }

    private static string ReadLine(int pid, string file, string prefix)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"))
                .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
                .Select(line => line[prefix.Length..].Trim())
                .FirstOrDefault("");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
