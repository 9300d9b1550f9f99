using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Integration.Transfer;

/// <summary>Large files, and what tells them apart.</summary>
internal static class Contents
{
    private const int BytesAtOnce = 1 << 20;

    /// <summary>Makes a file whose bytes follow from a seed.</summary>
    /// <returns>Its digest.</returns>
    public static string Create(string path, long size, int seed)
    {
        var random = new Random(seed);
        var buffer = new byte[BytesAtOnce];
        var hash = new XxHash128();
        using var file = File.Create(path);
        for (long at = 0; at < size;)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - at));
            foreach (ref var word in MemoryMarshal.Cast<byte, long>(bytes))
                word = random.NextInt64();
            hash.Append(bytes);
            file.Write(bytes);
            at += bytes.Length;
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The digest of an open file, from its beginning to its end.</summary>
    public static string Digest(FileDescriptor file)
    {
        var buffer = new byte[BytesAtOnce];
        var hash = new XxHash128();
        for (long at = 0; Libc.ReadAt(file, buffer, at) is { IsOk: true, Count: > 0 } read; at += read.Count)
            hash.Append(buffer.AsSpan(0, (int)read.Count));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The digest of a file.</summary>
    public static string Digest(string path)
    {
        using var file = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly).OrThrow("openat");
        return Digest(file);
    }
}
