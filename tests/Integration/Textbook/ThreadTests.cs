using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>Pools of threads, and of processes with threads: the same promises as for processes alone.</summary>
public sealed class ThreadTests
{
    private static readonly string[] FourThreads = ["--processes", "1", "--threads", "4"];

    [Theory]
    [InlineData("trains", 4, "--processes 1 --threads 4")]
    [InlineData("sized", 4, "--processes 1 --threads 4")]
    [InlineData("whole", 4, "--processes 1 --threads 4")]
    [InlineData("trains", 2, "--threads 2 --slots 8")]
    [InlineData("sized", 2, "--threads 2 --slots 8")]
    [InlineData("whole", 2, "--threads 2 --slots 8")]
    public async Task Every_client_of_a_crowd_gets_the_file(string dialect, int workers, string shape)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 2_000_000);
        await using var server = await RunningServer.StartAsync(workers, dialect, cargo, shape.Split(' '));
        var ends = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(
                i => Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", dialect, directory[$"got{i}"], "--seed", $"{i}")));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Error));
        for (var i = 0; i < 40; i++)
            Assert.True(Cargo.Same(cargo, directory[$"got{i}"]));
        Assert.Equal(workers == 4 ? 1 : 2, server.Workers().Count);
    }

    [Fact]
    public async Task Echo_on_threads()
    {
        await using var server = await RunningServer.StartAsync(1, "echo", null, "--threads", "2", "--slots", "4");
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var client = new TcpClient("127.0.0.1", server.Port);
            var sent = new byte[100_000];
            Random.Shared.NextBytes(sent);
            var got = new byte[sent.Length];
            var sending = client.GetStream().WriteAsync(sent, TestContext.Current.CancellationToken);
            await client.GetStream().ReadExactlyAsync(got, TestContext.Current.CancellationToken);
            await sending;
            return sent.AsSpan().SequenceEqual(got);
        }));
        Assert.All(clients, Assert.True);
    }

    [Fact]
    public async Task A_killed_process_is_replaced_and_what_ran_or_waited_is_served()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(4, "whole", cargo, FourThreads);
        var slow = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SlowPeer.BeginAsync(server, directory[$"slow{i}"])));
        var waiting = Enumerable.Range(0, 4).Select(i => server.FetchAsync(directory.Sub($"waiting{i}"), "whole")).ToList();
        var victim = Assert.Single(server.Workers()).Pid;
        RunningServer.Kill(victim, Signal.Kill);
        Assert.All(await Task.WhenAll(slow.Select(peer => peer.HurryAsync())), end => Assert.True(end.Code == 0, end.Error));
        Array.ForEach(slow, peer => peer.Dispose());
        for (var i = 0; i < 4; i++)
            Assert.True(Cargo.Same(cargo, directory[$"slow{i}"]));
        Assert.All(await Task.WhenAll(waiting), end => Assert.True(end.Code == 0, end.Error));
        await server.WaitForWorkersAsync(1);
        Assert.NotEqual(victim, server.Workers()[0].Pid);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
        Assert.Contains("8 connections done, 0 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_process_with_threads_is_replaced_and_its_untouched_connection_served()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1000);
        await using var server = await RunningServer.StartAsync(4, "trains", cargo, FourThreads);
        Assert.Equal(0, (await server.FetchAsync(directory.Sub("first"), "trains")).Code);
        var stopped = server.Workers()[0].Pid;
        RunningServer.Kill(stopped, Signal.Stop);
        var fetched = await server.FetchAsync(directory.Sub("second"), "trains");
        Assert.True(fetched.Code == 0, fetched.Error);
        Assert.DoesNotContain(server.Workers(), worker => worker.Pid == stopped);
    }

    [Fact]
    public async Task SIGTERM_lets_what_threads_send_finish()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(4, "whole", cargo, FourThreads);
        var slow = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => SlowPeer.BeginAsync(server, directory[$"slow{i}"])));
        RunningServer.Kill(server.Pid, Signal.Terminate);
        await server.WaitForPhaseAsync("draining");
        Assert.All(await Task.WhenAll(slow.Select(peer => peer.HurryAsync())), end => Assert.True(end.Code == 0, end.Error));
        Array.ForEach(slow, peer => peer.Dispose());
        for (var i = 0; i < 3; i++)
            Assert.True(Cargo.Same(cargo, directory[$"slow{i}"]));
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
    }

    [Fact]
    public async Task Two_hundred_clients_that_stand_still_do_not_hold_up_one_that_reads()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo, "--slots", "256", "--no-progress", "none");
        var still = Enumerable.Range(0, 200).Select(_ => new TcpClient("127.0.0.1", server.Port)).ToList();
        // All of them have begun: each has got its first byte.
        foreach (var client in still)
            Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        var fetched = await server.FetchAsync(directory.Sub("target"), "whole", "--timeout", "60s");
        Assert.True(fetched.Code == 0, fetched.Error);
        Assert.True(Cargo.Same(cargo, directory["target/cargo"]));
        Assert.All(still, client => Assert.True(client.Connected));
        foreach (var client in still)
            client.Dispose();
    }
}
