using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Workers are killed while files come: what is stored is what was sent, nothing else is ever seen under its name, and nothing stays behind.</summary>
public sealed class UploadTests
{
    // Where the file system has no extended attributes.
    private const string DigestsOfTheServer = ".trainyard-hashes";

    private static readonly long Size = LongRun.Or(256, 12) * (1L << 20) + 12_345;
    private static readonly int Kills = LongRun.Or(100, 10);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public async Task Large_files_of_clients_of_every_kind(int processes, int threads)
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        var expected = Contents.Create(directory["cargo"], Size, seed: 2);
        string[] names = ["program", "python", "Xxh128", "Sha256", "Md5"];
        var watchers = names.Select(name => new NameWatcher(Path.Combine(root, name))).ToList();
        try
        {
            await using var server = await Served.StartAsync(root, "--processes", $"{processes}", "--threads", $"{threads}");
            using var hunt = new Hunt(server, 5 * Size, Kills, toClient: false);
            var programs = new[]
            {
                Served.RunAsync("put", directory["cargo"], $"train://127.0.0.1:{hunt.Port}/program"),
                Served.RunPythonAsync(hunt.Port, "put", directory["cargo"], "python"),
            };
            await Task.WhenAll(new[] { DigestAlgorithm.Xxh128, DigestAlgorithm.Sha256, DigestAlgorithm.Md5 }.Select(async digest =>
            {
                await using var client = await Served.ConnectAsync(hunt.Port, digest);
                await client.UploadAsync(directory["cargo"], $"{digest}", null, null, TestContext.Current.CancellationToken);
            }));
            Assert.All(await Task.WhenAll(programs), static end => Assert.True(end.Code == 0, end.Output + end.Error));
            await hunt.IsOverAsync();
            await server.HasServedAsync(clients: 5);
        }
        finally
        {
            watchers.ForEach(static watcher => watcher.Dispose());
        }
        Assert.All(names, name => Assert.Equal(expected, Contents.Digest(Path.Combine(root, name))));
        Assert.All(watchers, watcher => Assert.Equal([expected], watcher.Seen));
        Assert.Equal(names.Order(StringComparer.Ordinal), Names(root));
    }

    [Fact]
    public async Task Many_small_files_that_are_sent_ahead()
    {
        const int files = 400;
        using var directory = new TemporaryDirectory();
        var (root, here) = (directory.Sub("root"), directory.Sub("here"));
        var bytes = 0L;
        for (var i = 0; i < files; i++)
        {
            Contents.Create(Path.Combine(here, $"{i}"), i % 10 == 0 ? 200_000 : i * 37, seed: i);
            bytes += new FileInfo(Path.Combine(here, $"{i}")).Length;
        }
        await using var server = await Served.StartAsync(root, "--processes", "3");
        using var hunt = new Hunt(server, bytes, Kills, toClient: false);
        // What has no name yet dies with its worker; then the server says so, and its client begins that file anew in the same session.
        var end = await Programs.RunAsync(Programs.Client, "put", "-r", "-j", "4", here, $"train://127.0.0.1:{hunt.Port}/there", "--json");
        Assert.True(end.Code == 0, end.Output + end.Error);
        await hunt.IsOverAsync();
        var there = Path.Combine(root, "there/here");
        Assert.Equal(Names(here), Names(there));
        for (var i = 0; i < files; i++)
            Assert.Equal(Contents.Digest(Path.Combine(here, $"{i}")), Contents.Digest(Path.Combine(there, $"{i}")));
        await server.HasServedAsync(clients: 4);
    }

    private static IEnumerable<string?> Names(string directory) =>
        Cargo.Everything(directory).Select(Path.GetFileName).Where(static name => name != DigestsOfTheServer).Order(StringComparer.Ordinal);
}
