using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>A small file system of its own; the test is skipped where none may be mounted.</summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private FullDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one of 8 MiB.</summary>
    public static async Task<FullDisk> MountAsync(string path)
    {
        Directory.CreateDirectory(path);
        var mounted = await Programs.RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path);
        Assert.SkipWhen(mounted.Code != 0, $"a file system may not be mounted here: {mounted.Error}");
        return new(path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Programs.RunAsync("umount", "--lazy", Path);
}
