using System.Net;
using Trainyard.Core.Textbook;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>The same in dialects that know neither sessions nor offsets, and by a client in C that knows nothing of this server.</summary>
public sealed class TextbookTests
{
    private static readonly int Size = LongRun.Or(256, 12) * (1 << 20) + 345;
    private static readonly int Kills = LongRun.Or(50, 6);

    [Theory]
    [InlineData("trains", "copy")]
    [InlineData("sized", "mmap")]
    [InlineData("whole", "sendfile")]
    [InlineData("trains", "splice")]
    public async Task Every_dialect_and_way_to_send(string dialect, string send)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", Size);
        await using var server = await RunningServer.StartAsync(3, dialect, cargo, "--send", send, "--slots", "2");
        using var hunt = new Hunt(server, 2L * Size, Kills);
        var peer = Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{hunt.Port}", dialect, directory["peer"], "--max-recv", "60000");
        await TextbookClient.DownloadAsync(
            new() { Server = AddressOf(hunt), Dialect = Enum.Parse<Dialect>(dialect, ignoreCase: true), Directory = directory.Sub("own"), Digest = null },
            progress: null, TestContext.Current.CancellationToken);
        var end = await peer;
        Assert.True(end.Code == 0, end.Error);
        await hunt.IsOverAsync();
        Assert.True(Cargo.Same(cargo, directory["peer"]));
        Assert.True(Cargo.Same(cargo, directory["own/cargo"]));
        await server.HasServedAsync(clients: 2);
    }

    [Fact]
    public async Task What_is_echoed_comes_back_once()
    {
        await using var server = await RunningServer.StartAsync(3, "echo", null, "--slots", "2");
        using var hunt = new Hunt(server, 2L * Size, Kills);
        var peer = Programs.RunAsync(Programs.Peer, "echo", "127.0.0.1", $"{hunt.Port}", $"{Size}");
        var sent = new byte[Size];
        Random.Shared.NextBytes(sent);
        using var input = new MemoryStream(sent);
        using var output = new MemoryStream();
        await TextbookClient.EchoAsync(
            new() { Server = AddressOf(hunt), Dialect = Dialect.Echo }, input, output, TestContext.Current.CancellationToken);
        var end = await peer;
        Assert.True(end.Code == 0, end.Error);
        await hunt.IsOverAsync();
        Assert.True(output.ToArray().AsSpan().SequenceEqual(sent));
        await server.HasServedAsync(clients: 2);
    }

    private static IPEndPoint AddressOf(Hunt hunt) => new(IPAddress.Loopback, hunt.Port);
}
