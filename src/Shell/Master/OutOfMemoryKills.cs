using System.Globalization;

namespace Trainyard.Shell.Master;

/// <summary>
/// How many processes the kernel has killed because memory ran out (proc(5), vmstat): the only thing that tells such a SIGKILL from anybody else's.
/// In a container it counts the whole machine's, so that one of another's at the same moment may be taken for ours.
/// </summary>
internal sealed class OutOfMemoryKills
{
    private const string Name = "oom_kill ";

    private long _seen = Read();

    /// <summary>Whether there was one since the last call.</summary>
    public bool HaveRisen()
    {
        var now = Read();
        var before = _seen;
        _seen = now;
        return now > before;
    }

    private static long Read()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/vmstat"))
                if (line.StartsWith(Name, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // A kernel that does not say: then every such kill is somebody else's.
        }
        return 0;
    }
}
