using System.Net;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Client.Native;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Client;

/// <summary>The client against the real server.</summary>
public sealed class ServedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tree_goes_to_a_server_and_back()
    {
        using var directory = new TemporaryDirectory();
        TreeTests.Plant(directory.Sub("tree"));
        await using var server = await ServeAsync(directory.Sub("served"));
        await using var client = await ConnectAsync(server, directory);
        var up = await client.UploadTreeAsync(directory["tree"], "a/b", cancellationToken: Stop);
        Assert.Empty(up.Failures);
        Assert.Equal(TreeTests.Listing(directory["tree"]), TreeTests.Listing(Path.Combine(directory["served"], "a/b")));
        var down = await client.DownloadTreeAsync("a/b", directory["back"], new() { Jobs = 2 }, cancellationToken: Stop);
        Assert.Empty(down.Failures);
        Assert.Equal(TreeTests.Listing(directory["tree"]), TreeTests.Listing(directory["back"]));
    }

    [Fact]
    public async Task A_file_goes_to_a_server_and_back_and_is_described_moved_and_removed()
    {
        using var directory = new TemporaryDirectory();
        var file = Cargo.Create(directory, "f", 20_000_000);
        await using var server = await ServeAsync(directory.Sub("served"));
        await using var client = await ConnectAsync(server, directory);
        var up = await client.UploadAsync(file, "f", cancellationToken: Stop);
        Assert.True(Cargo.Same(file, Path.Combine(directory["served"], "f")));
        var hash = await client.HashAsync("f", cancellationToken: Stop);
        Assert.Equal((up.Digest, up.Identity, 20_000_000), (hash.Digest, hash.Identity, hash.Size));
        Assert.Equal(up.Identity, (await client.StatAsync("f", Stop)).Identity);
        await client.MakeDirectoryAsync("d", cancellationToken: Stop);
        await client.MoveAsync("f", "d/g", cancellationToken: Stop);
        Assert.Equal(TransferFailure.NotFound, (await Assert.ThrowsAsync<TransferException>(() => client.StatAsync("f", Stop))).Reason);
        var entries = new List<string>();
        await foreach (var entry in client.ListAsync(TrainPath.Root, recursive: true, Stop))
            entries.Add(entry.Path.Display);
        Assert.Equal(["d", "d/g"], entries);
        await client.DownloadAsync("d/g", directory["got"], cancellationToken: Stop);
        Assert.True(Cargo.Same(file, directory["got"]));
        Assert.Equal(File.GetLastWriteTimeUtc(file), File.GetLastWriteTimeUtc(directory["got"]));
        Assert.Equal(TransferFailure.Exists, (await Assert.ThrowsAsync<TransferException>(() => client.RemoveAsync("d", cancellationToken: Stop))).Reason);
        // Another name is another identity: the kernel counts a rename as a change.
        Assert.Equal(TransferFailure.Changed, (await Assert.ThrowsAsync<TransferException>(() => client.RemoveAsync("d/g", up.Identity, Stop))).Reason);
        await client.RemoveAsync("d/g", (await client.StatAsync("d/g", Stop)).Identity, Stop);
        await client.RemoveAsync("d", cancellationToken: Stop);
        // What the server knows of files is its own.
        Assert.DoesNotContain(Cargo.Everything(directory["served"]), path => !path.Contains(".trainyard-", StringComparison.Ordinal));
        Assert.True(await client.PingAsync(Stop) > TimeSpan.Zero);
        Assert.True((await client.StatusAsync(Stop)).Workers > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_that_was_stored_but_never_answered_does_not_move_again(bool noClobber)
    {
        using var directory = new TemporaryDirectory();
        var file = Cargo.Create(directory, "f", 5_000_000);
        await using var server = await ServeAsync(directory.Sub("served"));
        await using var client = await ConnectAsync(server, directory);
        var up = await client.UploadAsync(file, "f", new() { NoClobber = true }, cancellationToken: Stop);

        // What a process leaves that is killed while it waits for the last answer.
        using var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(file), OpenFlags.ReadOnly).OrThrow("openat");
        new UploadJournal(client.Options, client.Address, "f", Libc.Status(opened), client.Options.Digest).Write(new("token"u8));
        var again = await client.UploadAsync(file, "f", new() { NoClobber = noClobber }, cancellationToken: Stop);
        Assert.Equal((up.Identity, 0L), (again.Identity, again.Moved));
        Assert.Empty(Directory.GetFiles(directory["state"]));
        var third = await Assert.ThrowsAsync<TransferException>(
            () => client.UploadAsync(file, "f", new() { NoClobber = true }, cancellationToken: Stop));
        Assert.Equal(TransferFailure.Exists, third.Reason);
    }

    [Fact]
    public async Task Conditions_keep_what_is_there()
    {
        using var directory = new TemporaryDirectory();
        var file = Cargo.Create(directory, "f", 1000);
        await using var server = await ServeAsync(directory.Sub("served"));
        await using var client = await ConnectAsync(server, directory);
        var first = await client.UploadAsync(file, "f", new() { NoClobber = true }, cancellationToken: Stop);
        Assert.Equal(TransferFailure.Exists, await ReasonAsync(new() { NoClobber = true }));
        var second = await client.UploadAsync(file, "f", new() { IfIdentity = first.Identity }, cancellationToken: Stop);
        Assert.Equal(TransferFailure.Changed, await ReasonAsync(new() { IfIdentity = first.Identity }));
        Assert.Equal(second.Identity, (await client.StatAsync("f", Stop)).Identity);

        async Task<TransferFailure> ReasonAsync(UploadOptions options) =>
            (await Assert.ThrowsAsync<TransferException>(() => client.UploadAsync(file, "f", options, cancellationToken: Stop))).Reason;
    }

    [Fact]
    public async Task A_client_leaves_no_descriptor_behind()
    {
        using var directory = new TemporaryDirectory();
        var file = Cargo.Create(directory, "f", 5_000_000);
        await using var server = await ServeAsync(directory.Sub("served"));
        await DescriptorLeak.CheckAsync(async () =>
        {
            await using var client = await ConnectAsync(server, directory);
            await client.UploadAsync(file, "f", cancellationToken: Stop);
            await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
            await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("none", directory["got"], cancellationToken: Stop));
        });
    }

    private static Task<RunningServer> ServeAsync(string root) =>
        RunningServer.StartProgramAsync(Programs.Server, ["serve", root, "--listen", "127.0.0.1:0", "--control", "none", "--processes", "1"]);

    private static Task<TrainyardClient> ConnectAsync(RunningServer server, TemporaryDirectory directory) =>
        TrainyardClient.ConnectAsync(
            TrainAddress.Of(new(IPAddress.Loopback, server.Port)), new() { StateDirectory = directory["state"] }, Stop);
}
