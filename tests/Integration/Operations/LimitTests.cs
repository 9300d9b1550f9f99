using System.Diagnostics;
using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>What a pool refuses, delays or replaces by its limits.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task One_address_has_so_many_connections_and_no_more_until_one_ends()
    {
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--slots", "8", "--per-address", "2");
        using var first = await EchoingAsync(server.Port);
        using (var second = await EchoingAsync(server.Port))
        using (var third = new TcpClient("127.0.0.1", server.Port))
        {
            Assert.True(await IsRefusedAsync(third), "a third connection of the address was served");
            var stream = second.GetStream();
            second.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }
        // The end of the second is reported by its worker a moment after its client sees it.
        await Until.HoldsAsync(
            async () =>
            {
                using var fourth = new TcpClient("127.0.0.1", server.Port);
                return !await IsRefusedAsync(fourth);
            },
            "the place of the second is free again");
    }

    [Fact]
    public async Task Connections_beyond_the_rate_wait_and_are_served()
    {
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--slots", "64", "--accept-rate", "40");
        using (await EchoingAsync(server.Port))
        {
            // The first worker is up: what follows measures the rate and not its start.
        }
        var since = Stopwatch.StartNew();
        for (var i = 0; i < 120; i++)
            using (await EchoingAsync(server.Port))
            {
                // One after the other, so that no batch is taken at once.
            }
        // A burst of 40, then 80 at 40 a second.
        Assert.True(since.Elapsed > TimeSpan.FromSeconds(1.8), $"120 connections at 40 a second took {since.Elapsed}");
    }

    [Fact]
    public async Task A_worker_is_replaced_after_so_many_connections_and_nobody_notices()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--recycle-after", "8");
        await server.WaitForWorkersAsync(1);
        var first = server.Workers()[0].Pid;
        for (var i = 0; i < 40; i++)
            using (await EchoingAsync(server.Port))
            {
                // Five times as many as one worker is to serve.
            }
        await IsReplacedAsync(server, first);
        var status = await server.StatusAsync();
        Assert.Equal(0, status.GetProperty("counts").GetProperty("rejected").GetInt64());
        Assert.Equal(0, status.GetProperty("counts").GetProperty("aborted").GetInt64());
    }

    [Fact]
    public async Task A_worker_that_has_grown_too_large_is_replaced()
    {
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--recycle-above", "1M");
        await server.WaitForWorkersAsync(1);
        var first = server.Workers()[0].Pid;
        await IsReplacedAsync(server, first);
    }

    [Fact]
    public async Task A_burst_that_no_lane_holds_waits_and_is_served()
    {
        // More than the kernel queues on a lane whose worker does not read it, and more than may wait in the pool.
        const int Clients = 700;
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--slots", "2048", "--backlog", "64");
        using (await EchoingAsync(server.Port))
        {
            // Its worker is up.
        }
        var worker = server.Workers()[0].Pid;
        RunningServer.Kill(worker, Signal.Stop);
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
                clients.Add(new TcpClient("127.0.0.1", server.Port));
            RunningServer.Kill(worker, Signal.Continue);
            foreach (var client in clients)
                client.GetStream().WriteByte(42);
            foreach (var client in clients)
                Assert.Equal(42, client.GetStream().ReadByte());
        }
        finally
        {
            RunningServer.Kill(worker, Signal.Continue);
            foreach (var client in clients)
                client.Dispose();
        }
        var counts = (await server.StatusAsync()).GetProperty("counts");
        Assert.Equal(0, counts.GetProperty("rejected").GetInt64());
        Assert.Equal(0, counts.GetProperty("redispatched").GetInt64());
    }

    [Fact]
    public async Task Five_thousand_clients_that_stand_still_do_not_stop_a_good_one()
    {
        await using var server = await RunningServer.StartAsync(2, "echo", null, "--slots", "4096");
        var still = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                var client = new TcpClient("127.0.0.1", server.Port);
                still.Add(client);
                // A byte of a request that never comes to its end, and nothing read of the answer.
                client.GetStream().WriteByte((byte)i);
            }
            for (var i = 0; i < 50; i++)
                using (await EchoingAsync(server.Port))
                {
                    // Served beside the others.
                }
        }
        finally
        {
            foreach (var client in still)
                client.Dispose();
        }
    }

    // A worker is looked at when it has served somebody.
    private static Task IsReplacedAsync(RunningServer server, int pid) => Until.HoldsAsync(
        async () =>
        {
            using var client = await EchoingAsync(server.Port);
            return server.Workers().All(worker => worker.Pid != pid);
        },
        "the worker is replaced");

    private static async Task<TcpClient> EchoingAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var client = new TcpClient("127.0.0.1", port);
        client.GetStream().WriteByte(42);
        await client.GetStream().ReadExactlyAsync(new byte[1], limit.Token);
        return client;
    }

    private static async Task<bool> IsRefusedAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            client.GetStream().WriteByte(42);
            return await client.GetStream().ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
