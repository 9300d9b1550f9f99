using System.Collections.Concurrent;
using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>The pool as a whole: many clients, dying workers, vanishing peers, every way to end.</summary>
public sealed class PoolTests
{
    [Fact]
    public async Task Two_hundred_clients_at_once_are_all_served()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 200_000);
        await using var server = await RunningServer.StartAsync(4, "trains", cargo);
        var ends = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(
                i => Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", "trains", directory[$"got{i}"], "--seed", $"{i}")));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Error));
        for (var i = 0; i < 200; i++)
            Assert.True(Cargo.Same(cargo, directory[$"got{i}"]));
    }

    [Fact]
    public async Task Waiting_clients_are_served_in_the_order_of_their_arrival()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        var served = new ConcurrentQueue<int>();
        var waiting = new List<Task>();
        for (var i = 0; i < 8; i++)
        {
            var number = i;
            var client = new TcpClient("127.0.0.1", server.Port);
            waiting.Add(Task.Run(
                async () =>
                {
                    using (client)
                    {
                        var buffer = new byte[20_000];
                        await client.GetStream().ReadExactlyAsync(buffer);
                        served.Enqueue(number);
                        while (await client.GetStream().ReadAsync(buffer) > 0)
                            ;
                    }
                },
                TestContext.Current.CancellationToken));
        }
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 8), served);
    }

    [Fact]
    public async Task Killed_workers_are_replaced_and_nobody_notices()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 40_000_000);
        await using var server = await RunningServer.StartAsync(4, "trains", cargo);
        await server.WaitForWorkersAsync(4);
        var clients = Enumerable.Range(0, 24).Select(async i =>
        {
            var target = directory.Sub($"target{i}");
            return (Target: target, End: await server.FetchAsync(target, "trains", "--timeout", "60s"));
        }).ToList();
        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(150, TestContext.Current.CancellationToken);
            if (server.Workers() is { Count: > 0 } workers)
                RunningServer.Kill(workers[Random.Shared.Next(workers.Count)].Pid, Signal.Kill);
        }
        foreach (var (target, end) in await Task.WhenAll(clients))
        {
            Assert.True(end.Code == 0, end.Error);
            Assert.True(Cargo.Same(cargo, Path.Combine(target, "cargo")));
        }
        await server.WaitForWorkersAsync(4);
        await server.IdlesAsync();
        Assert.Equal(0, (await server.FetchAsync(directory.Sub("after"), "trains")).Code);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
        Assert.Contains("drained: 25 connections done, 0 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_worker_is_noticed_and_replaced()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1000);
        await using var server = await RunningServer.StartAsync(1, "trains", cargo);
        await server.WaitForWorkersAsync(1);
        Assert.Equal(0, (await server.FetchAsync(directory.Sub("first"), "trains")).Code);
        var stopped = server.Workers()[0].Pid;
        RunningServer.Kill(stopped, Signal.Stop);
        // Its lane takes the connection, but nobody acknowledges it: it is killed, and the next worker begins afresh.
        var fetched = await server.FetchAsync(directory.Sub("second"), "trains");
        Assert.True(fetched.Code == 0, fetched.Error);
        Assert.DoesNotContain(server.Workers(), worker => worker.Pid == stopped);
    }

    [Fact]
    public async Task A_peer_that_vanishes_frees_its_slot()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 30_000_000);
        foreach (var send in (string[])["copy", "mmap", "sendfile", "splice"])
        {
            await using var server = await RunningServer.StartAsync(1, "whole", cargo, "--send", send, "--no-progress", "none");
            for (var i = 0; i < 3; i++)
                Assert.Equal(0, (await Programs.RunAsync(
                    Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", "whole", directory["got"], "--stop-after", "500000")).Code);
            // Nothing but the peer's end frees the only slot.
            Assert.Equal(0, (await server.FetchAsync(directory.Sub($"after-{send}"), "whole", "--timeout", "60s")).Code);
        }
    }

    [Fact]
    public async Task A_peer_that_reads_nothing_is_cut()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 30_000_000);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo, "--no-progress", "1s");
        using var idle = new TcpClient("127.0.0.1", server.Port);
        var fetched = await server.FetchAsync(directory.Sub("target"), "whole", "--timeout", "60s");
        Assert.True(fetched.Code == 0, fetched.Error);
    }

    [Fact]
    public async Task SIGTERM_lets_a_running_transfer_finish_and_takes_nothing_new()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        await server.WaitForPhaseAsync("draining");
        Assert.Equal(3, (await server.FetchAsync(directory.Sub("late"), "whole")).Code);
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        Assert.True(Cargo.Same(cargo, directory["slow"]));
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SIGINT_or_a_second_SIGTERM_cuts_at_once(bool twice)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        if (twice)
        {
            RunningServer.Kill(server.Pid, Signal.Terminate);
            await server.WaitForPhaseAsync("draining");
        }
        RunningServer.Kill(server.Pid, twice ? Signal.Terminate : Signal.Interrupt);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 12, log);
        Assert.Equal(3, (await slow.EndAsync()).Code);
    }

    [Fact]
    public async Task Workers_of_a_killed_master_finish_and_leave()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        await server.WaitForWorkersAsync(2);
        var workers = server.Workers();
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        RunningServer.Kill(server.Pid, Signal.Kill);
        await Until.HoldsAsync(() => !Directory.Exists($"/proc/{server.Pid}"), "the master ends");
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        await server.EndAsync();
        await Until.HoldsAsync(() => workers.All(worker => !RunningServer.IsWorker(worker.Pid)), "the orphans leave");
    }
}
