using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>A server whose descriptors are all taken: it neither spins, nor breaks, nor forgets to recover.</summary>
public sealed class DescriptorLimitTests
{
    private const int Limit = 200;
    private const int Connections = 500;

    [Fact]
    public async Task Far_more_connections_than_descriptors_leave_it_idle_and_it_recovers()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 30_000_000);
        await using var server = await RunningServer.StartProgramAsync(
            "prlimit", [$"--nofile={Limit}:{Limit}", Programs.Server, "textbook", "127.0.0.1", "0", "2", "--dialect", "whole", "--file", cargo,
                "--no-progress", "none", "--backlog", "100000"]);
        await server.WaitForWorkersAsync(2);
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Connections; i++)
                clients.Add(new TcpClient("127.0.0.1", server.Port));
            await Until.HoldsAsync(() => OpenDescriptors(server.Pid) >= Limit - 20, "the server never ran out of descriptors");
            await server.IdlesAsync();
            Assert.InRange(OpenDescriptors(server.Pid), Limit - 20, Limit);

            // A worker that dies now is replaced all the same.
            var workers = server.Workers();
            RunningServer.Kill(workers[0].Pid, Signal.Kill);
            await Until.HoldsAsync(
                () => server.Workers() is { Count: 2 } now && now.All(worker => worker.Pid != workers[0].Pid && !worker.IsZombie),
                "the worker was not replaced");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
        await Until.HoldsAsync(() => OpenDescriptors(server.Pid) < Limit / 2, "the server keeps what the clients left");
        var fetched = await server.FetchAsync(directory.Sub("after"), "whole", "--timeout", "60s");
        Assert.True(fetched.Code == 0, fetched.Error);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (_, log) = await server.EndAsync();
        Assert.Contains("accepting pauses: ", log, StringComparison.Ordinal);
        Assert.Contains("refused: no descriptor is left for it", log, StringComparison.Ordinal);
        Assert.Contains("drained", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_that_comes_then_is_obeyed()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 30_000_000);
        await using var server = await RunningServer.StartProgramAsync(
            "prlimit", ["--nofile=100:100", Programs.Server, "textbook", "127.0.0.1", "0", "1", "--dialect", "whole", "--file", cargo,
                "--no-progress", "none", "--backlog", "100000", "--drain", "none", "--control", "none"]);
        await server.WaitForWorkersAsync(1);
        var clients = Enumerable.Range(0, 150).Select(_ => new TcpClient("127.0.0.1", server.Port)).ToList();
        await Until.HoldsAsync(() => OpenDescriptors(server.Pid) >= 80, "the server never ran out of descriptors");
        // The runtime starts a thread for it, which opens a file.
        RunningServer.Kill(server.Pid, Signal.Terminate);
        clients.ForEach(client => client.Dispose());
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, $"{code}: {log}");
        Assert.Contains("drained", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_without_descriptors_loses_no_connection()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 30_000_000);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo, "-v");
        await server.WaitForWorkersAsync(2);
        await BothServeAsync(server.Port);
        // One of the two can open nothing any more; a descriptor that is sent to it is lost on the way (MSG_CTRUNC).
        var starved = server.Workers()[0].Pid;
        var (code, output) = CCompiler.Run("prlimit", "--pid", $"{starved}", "--nofile=1:4096");
        Assert.True(code == 0, output);
        for (var i = 0; i < 20; i++)
        {
            var fetched = await Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", "whole", directory["got"], "--max-recv", "65536");
            Assert.True(fetched.Code == 0, fetched.Error);
        }
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (end, log) = await server.EndAsync();
        Assert.True(end == 0, log);
        // It refused what it could not take, without dying of it.
        Assert.Contains($"worker {starved} refused", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" was killed ", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" exited with ", log, StringComparison.Ordinal);
        Assert.Contains("drained: 22 connections done, 0 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
    }

    // Each worker serves one at a time, and is up for certain when two clients have a byte at the same time.
    private static async Task BothServeAsync(int port)
    {
        using var first = new TcpClient("127.0.0.1", port);
        using var second = new TcpClient("127.0.0.1", port);
        await first.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        await second.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
    }

    private static int OpenDescriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
}
