using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Integration.Support;

/// <summary>A directory that is there as long as the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("trainyard-").FullName;

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a name in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A new descriptor of the directory.</summary>
    public FileDescriptor Open() =>
        Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(Path), OpenFlags.Directory).OrThrow("openat");

    /// <summary>Makes a file of the given bytes and opens it for reading and writing.</summary>
    public FileDescriptor OpenNew(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(this[name], content.ToArray());
        return Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(this[name]), OpenFlags.ReadWrite).OrThrow("openat");
    }

    public void Dispose()
    {
        using (var directory = Open())
            Empty(directory);
        Directory.Delete(Path);
    }

    // Not Directory.Delete, which cannot name what is not UTF-8.
    private static void Empty(FileDescriptor directory)
    {
        var buffer = new byte[16 * 1024];
        while (Libc.ReadDirectory(directory, buffer) is { IsOk: true, Count: > 0 } read)
        {
            var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
            while (entries.MoveNext())
                Remove(directory, entries.Name);
        }
    }

    private static void Remove(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        if (Libc.Unlink(directory, name) != Errno.IsDirectory)
            return;
        using (var below = Libc.Open(directory, name, OpenFlags.Directory | OpenFlags.NoFollow).OrThrow("openat"))
            Empty(below);
        Libc.RemoveDirectory(directory, name);
    }
}
