using System.Security.Cryptography;
using Trainyard.Core.Pool;
using Trainyard.Core.Textbook;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>Server and client as a library, in the process that uses them.</summary>
public sealed class LibraryTests
{
    [Fact]
    public async Task A_server_and_its_clients_in_one_process_leave_nothing_open()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1_000_000);
        var run = 0;
        await DescriptorLeak.CheckAsync(async () =>
        {
            var target = $"target-{run++}";
            await ServeAndFetchAsync(cargo, directory.Sub(target));
            Assert.True(Cargo.Same(cargo, directory[$"{target}/cargo"]));
        });
    }

    [Fact]
    public async Task A_cancelled_download_leaves_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var download = TextbookClient.DownloadAsync(
            new() { Server = (System.Net.IPEndPoint)silent.LocalEndpoint, Directory = directory.Path }, null, cancellation.Token);
        using var accepted = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        accepted.GetStream().Write([1, 0, 0, 0, (byte)'n', 5, 0, 0, 0, 1, 2]);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
        Assert.Empty(Cargo.Everything(directory.Path));
    }

    private static async Task ServeAndFetchAsync(string cargo, string target)
    {
        using var server = new TextbookServer(new()
        {
            File = cargo,
            Workers = 2,
            Dialect = Dialect.Sized,
            WorkerProgram = new WorkerProgram(Programs.Server),
        });
        var serving = server.Start();
        var result = await TextbookClient.DownloadAsync(
            new() { Server = server.EndPoint, Directory = target, Dialect = Dialect.Sized, Digest = DigestAlgorithm.Sha256 });
        using (var file = File.OpenRead(cargo))
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), result.Digest);
        server.Drain();
        var report = await serving;
        Assert.Equal(new ServerReport(PoolEnd.Drained, 1, 0, 0, 0), report);
    }
}
