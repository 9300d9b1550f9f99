using System.Diagnostics;
using System.Text;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>A directory by names in bytes: to fill it with whatever a file system takes, and to look at it with tools that are not ours.</summary>
internal sealed class Tree : IDisposable
{
    private readonly FileDescriptor _root;

    /// <summary>Opens it, and makes it where it is missing.</summary>
    public Tree(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        _root = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(Path), OpenFlags.Directory).OrThrow("openat");
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Makes a file.</summary>
    public void File(ReadOnlySpan<byte> path, ReadOnlySpan<byte> content, int mode = 0x1A4, long? modifiedNs = null)
    {
        using var file = Libc.Open(_root, path, OpenFlags.WriteOnly | OpenFlags.Create).OrThrow("openat");
        for (long at = 0; at < content.Length;)
            at += Libc.WriteAt(file, content[(int)at..], at).Count;
        Libc.SetMode(file, mode);
        if (modifiedNs is { } time)
            Assert.Equal(Errno.None, Libc.SetModified(file, time));
    }

    /// <summary>Makes a directory.</summary>
    public void Sub(ReadOnlySpan<byte> path) => Assert.Equal(Errno.None, Libc.MakeDirectory(_root, path, 0x1ED));

    /// <summary>Makes a link.</summary>
    public void Link(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target, long modifiedNs)
    {
        Assert.Equal(Errno.None, Libc.MakeSymbolicLink(target, _root, path));
        Assert.Equal(Errno.None, Libc.SetModifiedOf(_root, path, modifiedNs));
    }

    /// <summary>Gives a directory its mode and time, after everything has been put into it.</summary>
    public void Settle(ReadOnlySpan<byte> path, int mode, long modifiedNs)
    {
        using var directory = Libc.Open(_root, path, OpenFlags.Directory).OrThrow("openat");
        Assert.Equal(Errno.None, Libc.SetMode(directory, mode));
        Assert.Equal(Errno.None, Libc.SetModified(directory, modifiedNs));
    }

    /// <summary>All that has to be kept of every entry, as find(1) and sha256sum(1) see it; one byte a character.</summary>
    public async Task<string[]> SeenAsync()
    {
        const string Script = """
            cd "$1" && find . -printf '%P\n%y %m %T@ %l\0' && find . -type f -print0 | xargs -0r sha256sum -z
            """;
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", Path])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.Latin1,
        })!;
        var seen = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return [.. seen.Split('\0').Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
