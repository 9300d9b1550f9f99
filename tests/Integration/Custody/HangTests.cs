using System.Net.Sockets;
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

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "misbehaver");

    [Theory]
    [InlineData(Signal.Stop, "hangs: state T")]
    [InlineData(Signal.Abort, "was killed by signal 6")]
    public async Task Transfers_go_on_elsewhere(Signal signal, string said)
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        var down = Contents.Create(Path.Combine(root, "down"), Size, seed: 3);
        var up = Contents.Create(directory["up"], Size, seed: 4);
        // One that serves is stopped, since there is no other.
        await using var server = await Served.StartAsync(root, "--processes", "1");
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

    [Fact]
    public async Task A_worker_that_computes_for_ever_is_killed_and_its_other_connections_go_on()
    {
        using var directory = new TemporaryDirectory();
        var down = Contents.Create(directory["down"], 2 * Size, seed: 5);
        await using var server = await RunningServer.StartProgramAsync(Program, "files", directory.Path);
        // Slow enough to be in the middle each time.
        using var client = Programs.Start(Programs.Client, ["get", "--retry", "0", "--limit", "6M", $"train://127.0.0.1:{server.Port}/down", directory["got"]]);
        await Until.HoldsAsync(() => Directory.GetFiles(directory.Path).Length > 1, "the download has begun");
        using var rogue = new TcpClient("127.0.0.1", server.Port);
        rogue.GetStream().WriteByte((byte)'s');
        await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Until.Patience, TestContext.Current.CancellationToken);
        Assert.Equal("", await client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(down, Contents.Digest(directory["got"]));
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 12, log);
        Assert.Contains("hangs: state R", log, StringComparison.Ordinal);
        Assert.Contains("is quarantined", log, StringComparison.Ordinal);
        Assert.Contains("1 connections done, 0 handed on, 0 refused, 1 cut", log, StringComparison.Ordinal);
    }
}
