using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Workers are killed while files leave, and no client of any kind notices: the same connection, every byte, once.</summary>
public sealed class DownloadTests
{
    private static readonly long Size = LongRun.Or(256, 12) * (1L << 20) + 12_345;
    private static readonly int Kills = LongRun.Or(100, 12);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public async Task Native_clients_of_every_kind_and_digest(int processes, int threads)
    {
        using var directory = new TemporaryDirectory();
        var expected = Contents.Create(Path.Combine(directory.Sub("root"), "cargo"), Size, seed: 1);
        await using var server = await Served.StartAsync(directory["root"], "--processes", $"{processes}", "--threads", $"{threads}");
        using var hunt = new Hunt(server, 5 * Size, Kills);
        var programs = new[]
        {
            Served.RunAsync("get", $"train://127.0.0.1:{hunt.Port}/cargo", directory["program"]),
            Served.RunPythonAsync(hunt.Port, "get", "cargo", directory["python"]),
        };
        await Task.WhenAll(new[] { DigestAlgorithm.Xxh128, DigestAlgorithm.Sha256, DigestAlgorithm.Md5 }.Select(async digest =>
        {
            await using var client = await Served.ConnectAsync(hunt.Port, digest);
            await client.DownloadAsync("cargo", directory[$"{digest}"], null, null, TestContext.Current.CancellationToken);
        }));
        Assert.All(await Task.WhenAll(programs), static end => Assert.True(end.Code == 0, end.Output + end.Error));
        await hunt.IsOverAsync();
        Assert.All((string[])["program", "python", "Xxh128", "Sha256", "Md5"], name => Assert.Equal(expected, Contents.Digest(directory[name])));
        await server.HasServedAsync(clients: 5);
    }
}
