using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Workers that stop or end by a fault of their own: as soon as the server knows, others go on.</summary>
public sealed class HangTests
{
    private const int Size = 12_000_000;
    private const int Times = 2;

    [Theory]
    [InlineData(Signal.Stop, "hangs: state T")]
    [InlineData(Signal.Abort, "was killed by signal 6")]
    public async Task Transfers_go_on_elsewhere(Signal signal, string said)
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        var down = Contents.Create(Path.Combine(root, "down"), Size, seed: 3);
        var up = Contents.Create(directory["up"], Size, seed: 4);
        // One that serves is stopped, since there is no other; one that shows no life for a moment on a busy machine is replaced too, which nobody notices either.
        await using var server = await Served.StartAsync(root, "--processes", "1", "--hung-after", "1s");
        using var hunt = new Hunt(server, Size, Times, signal: signal) { IsMerciful = true };
        await using var client = await Served.ConnectAsync(hunt.Port);
        await Task.WhenAll(
            client.DownloadAsync("down", directory["down"], null, null, TestContext.Current.CancellationToken),
            client.UploadAsync(directory["up"], "up", null, null, TestContext.Current.CancellationToken));
        await hunt.IsOverAsync();
        Assert.Equal(down, Contents.Digest(directory["down"]));
        Assert.Equal(up, Contents.Digest(Path.Combine(root, "up")));
        await client.DisposeAsync();
        Assert.Contains(said, await server.HasServedAsync(clients: 2), StringComparison.Ordinal);
    }
}
