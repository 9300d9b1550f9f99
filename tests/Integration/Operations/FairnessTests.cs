using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Who gets which connection, read from the server's own log of a long run (longer with TRAINYARD_LONG=1).</summary>
public sealed partial class FairnessTests
{
    private const int Workers = 8;
    private const int CrowdJobs = 1000;
    private static readonly int Jobs = LongRun.Or(10_000, 3000);

    [Fact]
    public async Task Equal_jobs_are_spread_evenly_and_none_waits_beside_a_free_slot()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1000);
        await using var server = await RunningServer.StartAsync(Workers, "whole", cargo, "-v");
        // One that is ready before the others would have served more.
        await Until.HoldsAsync(async () => (await server.ServingAsync()).Count == Workers, "all workers are ready");
        // With one client the dispatcher alone decides who is next; with many it is also who gets more of a machine that must be quiet.
        FetchOver(server.Port, clients: LongRun.Or(3 * Workers, 1), Jobs);
        FetchOver(server.Port, clients: 3 * Workers, CrowdJobs);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log[^Math.Min(log.Length, 2000)..]);
        Check(log);
    }

    private static void FetchOver(int port, int clients, int jobs)
    {
        var left = jobs;
        var threads = Enumerable.Range(0, clients).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var buffer = new byte[4096];
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    using var client = new TcpClient("127.0.0.1", port);
                    var total = 0;
                    for (int count; (count = client.GetStream().Read(buffer)) > 0;)
                        total += count;
                    // Name train, size train, the file, the zero train.
                    Assert.Equal(4 + "cargo".Length + 4 + 8 + 1000 + 4, total);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        Task.WaitAll([.. threads], TestContext.Current.CancellationToken);
    }

    // A line "passed" takes a slot, a line of an ended transfer frees one, a line "waits" must find none free. Ends are logged when they
    // are read, before any waiting connection is passed on, so that the count of free slots is exact at every "waits".
    private static void Check(string log)
    {
        var served = new Dictionary<int, int>();
        var (free, waited, jobs) = (0, 0, 0);
        foreach (var line in log.Split('\n'))
            if (Ready().IsMatch(line))
                free++;
            else if (Passed().IsMatch(line))
                free--;
            else if (Ended().Match(line) is { Success: true } ended)
            {
                free++;
                var pid = int.Parse(ended.Groups[1].Value, CultureInfo.InvariantCulture);
                if (++jobs <= Jobs)
                    served[pid] = served.GetValueOrDefault(pid) + 1;
            }
            else if (Waits().IsMatch(line))
            {
                waited++;
                Assert.True(free == 0, $"{free} slots are free: {line}");
            }
        Assert.Equal(Jobs + CrowdJobs, jobs);
        Assert.Equal(Workers, served.Count);
        Assert.True(waited > 0, $"{3 * Workers} clients never had to wait for {Workers} workers");
        var jain = Math.Pow(served.Values.Sum(), 2) / (Workers * served.Values.Sum(count => Math.Pow(count, 2)));
        Assert.True(jain >= 0.99, $"Jain's index is {jain:0.0000}: {string.Join(", ", served.Values)}");
    }

    [GeneratedRegex(@"worker \d+ ready, 1 slots")]
    private static partial Regex Ready();

    [GeneratedRegex(@"c\d+ passed to worker \d+")]
    private static partial Regex Passed();

    [GeneratedRegex(@"c\d+ from \S+, worker (\d+): completed")]
    private static partial Regex Ended();

    [GeneratedRegex(@"c\d+ waits for a free worker")]
    private static partial Regex Waits();
}
