using System.Globalization;

namespace Trainyard.Shell.Linux;

/// <summary>The pages of the program and its libraries that this process has mapped.</summary>
internal static class ProgramPages
{
    /// <summary>The mappings of files that this process may only read and execute, and in which no page differs from the file.</summary>
    /// <returns>Nothing where the kernel does not tell (proc(5), smaps).</returns>
    public static MappedRange[] FindUnchanged()
    {
        var unchanged = new List<MappedRange>();
        try
        {
            MappedRange? mapping = null;
            foreach (var line in File.ReadLines("/proc/self/smaps"))
                if (!line.StartsWith("Anonymous:", StringComparison.Ordinal))
                    mapping = ReadOnlyFile(line) ?? mapping;
                else
                {
                    // A page that was changed once, such as by relocation, is no longer the file's, and its mapping stays whole.
                    if (mapping is { } found && line.AsSpan("Anonymous:".Length).Trim() is "0 kB")
                        unchanged.Add(found);
                    mapping = null;
                }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return [.. unchanged];
    }

    /// <summary>
    /// Lets go of them. Those that are used come back from the page cache, sixteen or more with one fault; the rest, such as what only the start has needed, is this
    /// process's memory no longer, and the first that the kernel drops where memory is short.
    /// </summary>
    /// <param name="unchanged">What <see cref="FindUnchanged"/> has found. Any thread may use them meanwhile.</param>
    public static void Forget(MappedRange[] unchanged)
    {
        foreach (var range in unchanged)
            Libc.Forget(range);
    }

    // 55d0c8a16000-55d0c8fb7000 r-xp 00016000 fe:00 1234      /usr/bin/trainyard-server
    private static MappedRange? ReadOnlyFile(string line)
    {
        var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        return fields is [var range, ['r', '-', ..], _, _, not "0", _]
            && range.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash
            && ulong.TryParse(range.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
            && ulong.TryParse(range.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end)
            ? new(start, end)
            : null;
    }

    /// <summary>Addresses of this process.</summary>
    /// <param name="Start">The first.</param>
    /// <param name="End">Behind the last.</param>
    internal readonly record struct MappedRange(ulong Start, ulong End);
}
