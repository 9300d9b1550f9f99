using System.Globalization;

namespace Trainyard.Shell.Master;

/// <summary>What the kernel tells of a process that no longer tells anything itself (proc(5)).</summary>
internal static class HungProcess
{
    /// <summary>Its state, and the kernel function in which its main thread waits, as far as the kernel says.</summary>
    public static string Describe(int pid)
    {
        var state = ReadLine(pid, "status", "State:");
        var waiting = ReadLine(pid, "wchan", "");
        return $"state {(state.Length == 0 ? "unknown" : state)}, waits in {(waiting is "" or "0" ? "user code" : waiting)}";
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
