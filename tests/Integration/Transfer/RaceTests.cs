using System.Net;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>Several write one name at once: the file is always that of one of them, and of those who set a condition exactly one wins.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private const int Writers = 4;

    private readonly TemporaryDirectory _directory = new();
    private readonly TrainyardClient[] _clients = new TrainyardClient[Writers];
    private RunningServer? _server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Target => _directory["there/f"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await RawSession.ServeAsync(_directory.Sub("there"), "--processes", "2", "--threads", "2");
        for (var i = 0; i < Writers; i++)
            _clients[i] = await TrainyardClient.ConnectAsync(
                TrainAddress.Of(new(IPAddress.Loopback, _server.Port)), new() { StateDirectory = _directory["state"] }, Stop);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        await _server!.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(6_000_000)]
    public async Task Without_a_condition_one_of_them_is_there_and_whole(int size)
    {
        Plant(size);
        for (var round = 0; round < LongRun.Or(200, 10); round++)
        {
            var results = await AllAsync(static _ => new());
            Assert.All(results, Assert.Null);
            Assert.Contains(Enumerable.Range(0, Writers), i => Cargo.Same(_directory[$"{i}"], Target));
            Assert.Single(Cargo.Everything(_directory["there"]));
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(6_000_000)]
    public async Task Where_none_is_to_be_replaced_exactly_one_wins(int size)
    {
        Plant(size);
        for (var round = 0; round < LongRun.Or(500, 15); round++)
        {
            File.Delete(Target);
            OneWins(await AllAsync(static _ => new() { NoClobber = true }), TransferFailure.Exists);
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(6_000_000)]
    public async Task Where_one_content_is_to_be_replaced_exactly_one_wins(int size)
    {
        Plant(size);
        File.WriteAllText(Target, "first");
        for (var round = 0; round < LongRun.Or(500, 15); round++)
        {
            var identity = (await _clients[0].StatAsync("f", Stop)).Identity;
            OneWins(await AllAsync(_ => new() { IfIdentity = identity }), TransferFailure.Changed);
        }
    }

    private void Plant(int size)
    {
        for (var i = 0; i < Writers; i++)
            Cargo.Create(_directory, $"{i}", size);
    }

    private void OneWins(TransferFailure?[] results, TransferFailure loss)
    {
        var winner = Array.IndexOf(results, null);
        Assert.True(winner >= 0 && results.Count(static result => result is null) == 1, string.Join(", ", results));
        Assert.All(results, result => Assert.True(result is null || result == loss, $"{result}"));
        Assert.True(Cargo.Same(_directory[$"{winner}"], Target));
        Assert.Single(Cargo.Everything(_directory["there"]));
    }

    // null for who won.
    private Task<TransferFailure?[]> AllAsync(Func<int, UploadOptions> options) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(async () =>
        {
            try
            {
                await _clients[i].UploadAsync(_directory[$"{i}"], "f", options(i), cancellationToken: Stop);
                return (TransferFailure?)null;
            }
            catch (TransferException failure)
            {
                return failure.Reason;
            }
        })));
}
