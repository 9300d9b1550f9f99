using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Client;

public sealed class TreeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TrainyardClientOptions Quick = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };

    [Theory]
    [InlineData(1, long.MaxValue)]
    [InlineData(3, long.MaxValue)]
    [InlineData(1, 300_000)]
    public async Task A_tree_goes_up_and_comes_down_the_same(int jobs, long cut)
    {
        using var directory = new TemporaryDirectory();
        Plant(directory.Sub("tree"));
        await using var server = new FakeServer();
        if (cut != long.MaxValue)
            server.BreakAfter.Enqueue(cut);
        var options = Quick with { StateDirectory = directory["state"] };
        await using var client = await TrainyardClient.ConnectAsync(server.Address, options, Stop);
        var up = await client.UploadTreeAsync(directory["tree"], "up/here", new() { Jobs = jobs }, cancellationToken: Stop);
        Assert.Empty(up.Failures);
        Assert.Equal((63, 3, 2), (up.Files, up.Directories, up.Links));
        if (cut != long.MaxValue)
            server.BreakAfter.Enqueue(cut);
        var down = await client.DownloadTreeAsync("up/here", directory["back"], new() { Jobs = jobs }, cancellationToken: Stop);
        Assert.Empty(down.Failures);
        Assert.Equal((63, 3, 2), (down.Files, down.Directories, down.Links));
        Assert.Equal(up.Bytes, down.Bytes);
        Assert.Equal(Listing(directory["tree"]), Listing(directory["back"]));
    }

    [Fact]
    public async Task Only_what_differs_moves()
    {
        using var directory = new TemporaryDirectory();
        Plant(directory.Sub("tree"));
        await using var server = new FakeServer();
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick with { StateDirectory = directory["state"] }, Stop);
        await client.UploadTreeAsync(directory["tree"], "t", cancellationToken: Stop);
        await File.WriteAllTextAsync(Path.Combine(directory["tree"], "file 3"), "other", Stop);
        var up = await client.UploadTreeAsync(directory["tree"], "t", new() { Update = true }, cancellationToken: Stop);
        Assert.Equal((1, 62), (up.Files, up.Skipped));
        await client.DownloadTreeAsync("t", directory["back"], cancellationToken: Stop);
        await File.WriteAllTextAsync(Path.Combine(directory["back"], "file 5"), "other", Stop);
        var down = await client.DownloadTreeAsync("t", directory["back"], new() { Update = true }, cancellationToken: Stop);
        Assert.Equal((1, 62), (down.Files, down.Skipped));
        // A directory that was there already is the user's: its own time is not touched.
        Assert.Equal(Listing(directory["tree"]).Where(NotTheRoot), Listing(directory["back"]).Where(NotTheRoot));

        static bool NotTheRoot(string line) => !line.StartsWith('|');
    }

    [Fact]
    public async Task Nothing_is_written_outside_the_directory()
    {
        using var directory = new TemporaryDirectory();
        directory.Sub("outside");
        directory.Sub("in");
        File.CreateSymbolicLink(Path.Combine(directory["in"], "old"), directory["outside"]);
        await using var server = new FakeServer();
        server.Files["t"] = new([], 0, 0x1ED, default, EntryKind.Directory);
        // A link of the server's and a file through it; and a file through a link that lies here already.
        server.Files["t/link"] = new([], 0, 0x1FF, default, EntryKind.Link, new("../outside"u8));
        server.Add("t/link/evil", [1]);
        server.Add("t/old/evil", [1]);
        server.Add("t/good", [1]);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await client.DownloadTreeAsync("t", directory["in"], cancellationToken: Stop);
        Assert.Equal(2, result.Failures.Count);
        Assert.All(result.Failures, failure => Assert.Equal(TransferFailure.LocalIO, failure.Error.Reason));
        Assert.Equal((1, 1), (result.Files, result.Links));
        Assert.Empty(Cargo.Everything(directory["outside"]));
        Assert.Equal(TransferFailure.PartialSet, Assert.Throws<TransferException>(result.ThrowIfPartial).Reason);
    }

    [Fact]
    public async Task What_is_chosen_comes_with_the_directories_that_lead_there()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        foreach (var name in (string[])["a", "a/b", "c"])
            server.Files[name] = new([], 0, 0x1ED, default, EntryKind.Directory);
        server.Add("a/b/yes", [1]);
        server.Add("a/no", [1]);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        await client.DownloadTreeAsync(
            TrainPath.Root, directory["in"], new() { Choose = entry => entry.Path.Name.SequenceEqual("yes"u8) }, cancellationToken: Stop);
        Assert.Equal(["a", "a/b", "a/b/yes"], Cargo.Everything(directory["in"]).Select(path => Path.GetRelativePath(directory["in"], path)));
    }

    // 61 small files, one of several trains, one large, one whose name is no UTF-8; an empty directory, one that forbids writing, links.
    internal static void Plant(string root)
    {
        for (var i = 0; i < 60; i++)
            File.WriteAllBytes(Path.Combine(root, $"file {i}"), StreamTests.Random(i * 700));
        Directory.CreateDirectory(Path.Combine(root, "sub/empty"));
        Directory.CreateDirectory(Path.Combine(root, "locked"));
        File.WriteAllBytes(Path.Combine(root, "sub/larger"), StreamTests.Random(600_000));
        File.WriteAllBytes(Path.Combine(root, "locked/large"), StreamTests.Random(5_000_000));
        using (var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(root), OpenFlags.Directory).OrThrow("openat"))
        using (Libc.Open(opened, [0xff, (byte)'\n', 0xfe], OpenFlags.Create | OpenFlags.WriteOnly, 0x1A4).OrThrow("openat"))
        {
        }
        File.CreateSymbolicLink(Path.Combine(root, "link"), "sub/larger");
        File.CreateSymbolicLink(Path.Combine(root, "sub/dangling"), "/no/where");
        File.SetUnixFileMode(Path.Combine(root, "file 1"), UnixFileMode.UserRead);
        foreach (var path in Cargo.Everything(root).Where(Directory.Exists).Append(root))
            Directory.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.SetUnixFileMode(Path.Combine(root, "locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    /// <summary>Everything about a tree that must be kept, one line an entry.</summary>
    internal static List<string> Listing(string root)
    {
        var (code, output) = CCompiler.Run(
            "/bin/sh", "-c", "cd \"$1\" && find . -printf '%P|%y|%m|%T@|%l\\n' | LC_ALL=C sort && find . -type f -exec md5sum {} + | LC_ALL=C sort", "sh", root);
        Assert.Equal(0, code);
        return [.. output.Split('\n')];
    }
}
