using System.Text.Json;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>What a server says of itself is what it is.</summary>
public sealed class StatusTests
{
    private static readonly string[] Keys =
    [
        "counts", "counts.aborted", "counts.accepted", "counts.bytes", "counts.bytes_per_second", "counts.completed", "counts.continued", "counts.handed_on",
        "counts.held", "counts.parked", "counts.redispatched", "counts.rejected", "counts.rejected_by", "counts.rejected_by.nobody_took_it",
        "counts.rejected_by.queue_full", "counts.rejected_by.shutting_down", "counts.rejected_by.too_many_from_address",
        "counts.rejected_by.waited_too_long",
        "queue", "queue.limit", "queue.longest_wait_seconds", "queue.waiting",
        "restarts", "restarts[].at", "restarts[].cause", "restarts[].pid", "restarts[].worker",
        "server", "server.accepting", "server.listen", "server.phase", "server.pid", "server.since", "server.target_workers",
        "server.upgrade_pending", "server.uptime_seconds", "server.version",
        "workers", "workers[].age_seconds", "workers[].bytes", "workers[].bytes_per_second", "workers[].connections", "workers[].id",
        "workers[].pid", "workers[].resident_bytes", "workers[].served", "workers[].slots", "workers[].state", "workers[].transfer",
        "workers[].transfer.bytes_per_second", "workers[].transfer.offset", "workers[].transfer.path", "workers[].transfer.size",
    ];

    [Fact]
    public async Task A_busy_server_tells_what_it_sends_and_how_far_it_is()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);

        var first = await TransferAsync(server);
        Assert.Equal(cargo, first.GetProperty("path").GetString());
        Assert.Equal(SlowPeer.LongerThanTheKernelQueues, first.GetProperty("size").GetInt64());
        Assert.InRange(first.GetProperty("offset").GetInt64(), 1, SlowPeer.LongerThanTheKernelQueues);
        await Until.HoldsAsync(
            async () => (await TransferAsync(server)).GetProperty("offset").GetInt64() > first.GetProperty("offset").GetInt64(), "the offset grows");

        var text = await server.ControlAsync("status");
        Assert.Contains(cargo, text.Output, StringComparison.Ordinal);
        Assert.Contains($"pid {server.Pid}", text.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await slow.HurryAsync()).Code);
    }

    [Fact]
    public async Task The_document_has_the_documented_keys()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        await server.WaitForWorkersAsync(2);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        var idle = (await server.StatusAsync()).GetProperty("workers").EnumerateArray().First(worker => !worker.TryGetProperty("transfer", out _));
        RunningServer.Kill(idle.GetProperty("pid").GetInt32(), Signal.Kill);
        await Until.HoldsAsync(
            async () => (await server.StatusAsync()).GetProperty("restarts").GetArrayLength() > 0, "the kill is noticed");
        var status = await server.StatusAsync();
        Assert.Equal(Keys, KeysOf(status, "").Distinct().Order(StringComparer.Ordinal));
        var restart = status.GetProperty("restarts")[0];
        Assert.Equal(idle.GetProperty("pid").GetInt32(), restart.GetProperty("pid").GetInt32());
        Assert.Equal("was killed by signal 9", restart.GetProperty("cause").GetString());
        Assert.Equal(0, (await slow.HurryAsync()).Code);
    }

    [Fact]
    public async Task Pids_memory_and_counts_are_those_of_the_system()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 300_000);
        await using var server = await RunningServer.StartAsync(3, "whole", cargo);
        for (var i = 0; i < 5; i++)
            Assert.Equal(0, (await server.FetchAsync(directory.Sub($"got{i}"), "whole")).Code);
        await Until.HoldsAsync(async () => Counts(await server.StatusAsync(), "completed") == 5, "five are completed");
        var status = await server.StatusAsync();
        Assert.Equal(server.Pid, status.GetProperty("server").GetProperty("pid").GetInt32());
        Assert.Equal($"127.0.0.1:{server.Port}", status.GetProperty("server").GetProperty("listen")[0].GetString());
        var workers = status.GetProperty("workers").EnumerateArray().ToList();
        Assert.Equal(server.Workers().Select(worker => worker.Pid).Order(), workers.Select(worker => worker.GetProperty("pid").GetInt32()).Order());
        Assert.All(workers, worker => Assert.InRange(worker.GetProperty("resident_bytes").GetInt64(), 1_000_000, 2_000_000_000));
        Assert.Equal(5, workers.Sum(worker => worker.GetProperty("served").GetInt64()));
        Assert.InRange(Counts(status, "bytes"), 5 * 300_000, 5 * 301_000);
    }

    [Fact]
    public async Task A_watch_without_a_terminal_prints_again_and_again_and_ends_by_SIGINT()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10));
        using var watch = Programs.Start(
            Programs.Server, "status", "--watch", "--interval", "50ms", "--json", "--control", server.ControlPath);
        for (var i = 0; i < 3; i++)
            Assert.Equal("running", JsonElement.Parse((await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!)
                .GetProperty("server").GetProperty("phase").GetString());
        RunningServer.Kill(watch.Id, Signal.Interrupt);
        Assert.Equal(0, (await Programs.EndOfAsync(watch)).Code);
    }

    private static long Counts(JsonElement status, string name) => status.GetProperty("counts").GetProperty(name).GetInt64();

    private static async Task<JsonElement> TransferAsync(RunningServer server)
    {
        JsonElement transfer = default;
        await Until.HoldsAsync(
            async () => (await server.StatusAsync()).GetProperty("workers").EnumerateArray().Any(worker => worker.TryGetProperty("transfer", out transfer)),
            "a worker sends");
        return transfer;
    }

    private static IEnumerable<string> KeysOf(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            property => KeysOf(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")
                .Prepend(path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => KeysOf(item, $"{path}[]")),
        _ => [],
    };
}
