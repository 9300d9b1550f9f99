using System.Globalization;

namespace Trainyard.Shell.Master;

/// <summary>What a process's memory is (proc(5), statm).</summary>
internal static class ProcessMemory
{
    /// <summary>Resident bytes, shared pages included; 0 where the process has ended or may not be looked at.</summary>
    public static long Resident(int pid)
    {
        try
        {
            var fields = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm")).Split(' ');
            return fields.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages)
                ? pages * Environment.SystemPageSize
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
