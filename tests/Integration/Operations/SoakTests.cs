using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Trainyard.Core.Textbook;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>15 s of full load, or a minute with TRAINYARD_LONG=1, while workers are killed, stopped, continued and the pool is resized: what must hold, holds afterwards.</summary>
public sealed class SoakTests
{
    private const int Workers = 6;
    private const int Clients = 12;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(LongRun.Or(60, 15));

    // A stopped worker is noticed after 10 s and killed a second later; several times that is a hang of ours.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Trouble_leaves_no_client_hanging_and_nothing_behind()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 3_000_000);
        await using var server = await RunningServer.StartAsync(Workers, "sized", cargo, "--quiet", "--slots", "2");
        await server.WaitForWorkersAsync(Workers);
        await FetchAsync(server.Port, directory.Sub("before"));
        // What the server opens when it is first asked something, stays.
        await server.StatusAsync();
        var before = server.Open();

        var outcomes = new ConcurrentBag<TransferFailure?>();
        var end = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Clients).Select(async number =>
        {
            var target = directory.Sub($"client{number}");
            while (end.Elapsed < Length)
                outcomes.Add(await FetchAsync(server.Port, target));
        }).ToList();
        var trouble = Task.Run(() => Trouble(server, end), TestContext.Current.CancellationToken);
        await Task.WhenAll([.. clients, trouble]);

        // Whatever happens to workers, no client notices.
        Assert.All(outcomes, outcome => Assert.Null(outcome));
        Assert.True(outcomes.Count(outcome => outcome is null) > 50, $"only {outcomes.Count(outcome => outcome is null)} files arrived");
        for (var number = 0; number < Clients; number++)
            Assert.Equal([directory[$"client{number}/cargo"]], Cargo.Everything(directory[$"client{number}"]));
        await server.WaitForWorkersAsync(await trouble);
        // Each worker has a lane and a process descriptor.
        var expected = before.Count + (2 * (await trouble - Workers));
        await Until.HoldsAsync(
            () => server.Open().Count == expected,
            () => $"{expected} descriptors are open, of {trouble.Result} workers:\n{string.Join('\n', server.Open())}\nbefore:\n{string.Join('\n', before)}");
        Assert.Null(await FetchAsync(server.Port, directory.Sub("after")));
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
    }

    // Returns the number of workers that there should be at the end.
    private static async Task<int> Trouble(RunningServer server, Stopwatch since)
    {
        var random = new Random();
        var target = Workers;
        while (since.Elapsed < Length)
        {
            await Task.Delay(random.Next(100, 400));
            var serving = await server.ServingAsync();
            if (serving.Count == 0)
                continue;
            var victim = serving[random.Next(serving.Count)];
            switch (random.Next(8))
            {
                case 0:
                    RunningServer.Kill(victim, Signal.Stop);
                    break;
                case 1:
                    RunningServer.Kill(victim, Signal.Stop);
                    await Task.Delay(random.Next(200));
                    RunningServer.Kill(victim, Signal.Continue);
                    break;
                case 2 when target < 10:
                    RunningServer.Kill(server.Pid, Signal.TerminalInput);
                    target++;
                    await Task.Delay(20);
                    break;
                case 3 when target > 3:
                    RunningServer.Kill(server.Pid, Signal.TerminalOutput);
                    target--;
                    await Task.Delay(20);
                    break;
                case 4:
                    RunningServer.Kill(victim, Signal.Terminate);
                    break;
                default:
                    RunningServer.Kill(victim, Signal.Kill);
                    break;
            }
        }
        return target;
    }

    private static async Task<TransferFailure?> FetchAsync(int port, string target)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await TextbookClient.DownloadAsync(
                new() { Server = new IPEndPoint(IPAddress.Loopback, port), Dialect = Dialect.Sized, Directory = target, Digest = null },
                progress: null,
                limit.Token);
            return null;
        }
        catch (TransferException e)
        {
            return e.Reason;
        }
    }
}
