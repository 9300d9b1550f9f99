using System.Diagnostics;
using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>A drain waits for whoever moves, however slowly, and only for those.</summary>
public sealed class DrainTests
{
    // More than the kernel queues and a slow client reads in twice the patience.
    private const int Size = 16_000_000;
    private const int Clients = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_slow_downloads_finish_and_only_one_that_stands_still_is_cut(bool withOneThatReadsNothing)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", Size);
        await using var server = await RunningServer.StartAsync(
            4, "whole", cargo, "--slots", "13", "--drain", $"{Patience.TotalSeconds}s", "--no-progress", "none");
        using var still = withOneThatReadsNothing ? new TcpClient { ReceiveBufferSize = 4096 } : null;
        if (still is not null)
            await FirstByteAsync(still, server.Port);
        using var begun = new CountdownEvent(Clients);
        using var hurry = new ManualResetEventSlim();
        var slow = Enumerable.Range(0, Clients).Select(_ => Task.Factory.StartNew(
            () => ReadSlowly(server.Port, begun, hurry), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        Assert.True(begun.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), "not every client was served");
        var since = Stopwatch.StartNew();
        RunningServer.Kill(server.Pid, Signal.Terminate);
        // None of them stands still for so long, and all of them take longer.
        await Task.Delay(1.5 * Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(slow, client => client.IsCompleted);
        hurry.Set();
        // Name train, size train, the file, the zero train: whole, for every one of them.
        Assert.All(await Task.WhenAll(slow), total => Assert.Equal(4 + "cargo".Length + 4 + 8 + Size + 4, total));
        var (code, log) = await server.EndAsync();
        Assert.True(code == (withOneThatReadsNothing ? 12 : 0), log);
        Assert.Contains($" {(withOneThatReadsNothing ? 1 : 0)} cut", log, StringComparison.Ordinal);
        Assert.Contains($"{Clients} connections done", log, StringComparison.Ordinal);
        if (withOneThatReadsNothing)
            Assert.True(since.Elapsed > Patience, "it was cut before its time");
    }

    private static async Task FirstByteAsync(TcpClient client, int port)
    {
        await client.ConnectAsync("127.0.0.1", port);
        Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1]));
    }

    private static int ReadSlowly(int port, CountdownEvent begun, ManualResetEventSlim hurry)
    {
        using var client = new TcpClient { ReceiveBufferSize = 4096, ReceiveTimeout = 60_000 };
        client.Connect("127.0.0.1", port);
        var buffer = new byte[100_000];
        var total = 0;
        for (int count; (count = client.GetStream().Read(buffer)) > 0; total += count)
        {
            if (total == 0)
                begun.Signal();
            if (hurry.Wait(5))
                client.ReceiveBufferSize = 1 << 20;
        }
        return total;
    }
}
