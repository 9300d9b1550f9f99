using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>What a process's memory is (proc(5), statm).</summary>
internal static class ProcessMemory
{
    private const int LongestPath = 32;
    private const int LongestLine = 256;

    /// <summary>Resident bytes, shared pages included; 0 where the process has ended or may not be looked at.</summary>
    /// <remarks>Asked once a second for each worker, also by a master that rests: without a file stream, whose code and buffers would come back for it.</remarks>
    public static long Resident(int pid)
    {
        Span<byte> path = stackalloc byte[LongestPath];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"/proc/{pid}/statm", out var length);
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, path[..length], OpenFlags.ReadOnly);
        if (!opened.IsOk)
            return 0;
        using var file = opened.Descriptor;
        Span<byte> line = stackalloc byte[LongestLine];
        line = line[..Math.Max(0, (int)Libc.Read(file, line).Count)];
        var second = line[(line.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(second, out long pages, out _) ? pages * Environment.SystemPageSize : 0;
    }
}
