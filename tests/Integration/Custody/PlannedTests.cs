using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Workers and servers leave while transfers run: at once, and nobody notices.</summary>
public sealed class PlannedTests
{
    private const int Clients = 24;

    [Theory]
    [InlineData(Signal.HangUp, 2)]
    [InlineData(Signal.TerminalOutput, 1)]
    public async Task Workers_that_are_replaced_or_too_many_do_not_wait_for_their_transfers(Signal signal, int left)
    {
        using var directory = new TemporaryDirectory();
        using var clients = new StalledClients(directory.Path);
        await using var server = await Served.StartAsync(directory.Path, "--processes", "2");
        await Until.HoldsAsync(async () => (await server.ServingAsync()).Count == 2, "both workers serve");
        clients.Begin(server.Port, Clients);
        var old = server.Workers().Select(static worker => worker.Pid).ToList();
        RunningServer.Kill(server.Pid, signal);
        await Until.HoldsAsync(() => old.Count(RunningServer.IsWorker) == (signal == Signal.HangUp ? 0 : left), "who is to leave, leaves");
        await server.WaitForWorkersAsync(left);
        clients.Finish();
        clients.Dispose();
        await server.HasServedAsync(Clients);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_finishes_what_it_has()
    {
        using var directory = new TemporaryDirectory();
        using var clients = new StalledClients(directory.Path);
        await using var server = await Served.StartAsync(directory.Path, "--processes", "2");
        await Until.HoldsAsync(async () => (await server.ServingAsync()).Count == 2, "both workers serve");
        clients.Begin(server.Port, Clients);
        var old = server.Workers().Select(static worker => worker.Pid).ToList();
        // Not by its master, who may be told the same by whoever ends all processes of a service: then there would be nobody to go on.
        RunningServer.Kill(old[0], Signal.Terminate);
        clients.Finish(andAsk: false);
        clients.Dispose();
        await Until.HoldsAsync(() => !RunningServer.IsWorker(old[0]), "the worker leaves behind its last transfer");
        await server.WaitForWorkersAsync(2);
    }

    [Fact]
    public async Task An_upgrade_does_not_wait_either()
    {
        using var directory = new TemporaryDirectory();
        using var clients = new StalledClients(directory.Path);
        await using var chain = await StartAsync(directory.Path, Programs.Server);
        clients.Begin(chain.Port, Clients);
        var master = chain.FirstPid;
        for (var i = 0; i < 3; i++)
        {
            var old = RunningServer.ChildrenOf(master).Select(static worker => worker.Pid).ToList();
            var successor = await chain.UpgradeAsync(master);
            await chain.Until(() => chain.Masters() is [var left] && left == successor, "the old server stays");
            await chain.Until(() => !old.Any(RunningServer.IsWorker), "an old worker stays");
            master = successor;
        }
        clients.Finish();
        clients.Dispose();
        await CheckEndAsync(chain, $"0 connections done, {Clients} handed on, 0 refused, 0 cut");
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 1\n", "exited with status 1")]
    [InlineData("not a program", "cannot be started")]
    public async Task Where_the_successor_fails_the_transfers_stay(string program, string cause)
    {
        using var directory = new TemporaryDirectory();
        using var clients = new StalledClients(directory.Sub("root"));
        var copy = new ServerCopy(directory);
        await using var chain = await StartAsync(directory["root"], copy.Path);
        clients.Begin(chain.Port, Clients);
        copy.Replace(program);
        RunningServer.Kill(chain.FirstPid, Signal.User2);
        await chain.Until(() => chain.LogSoFar().Contains("upgrade failed, this server goes on", StringComparison.Ordinal), "nothing failed");
        Assert.Contains(cause, chain.LogSoFar(), StringComparison.Ordinal);
        await chain.Until(() => chain.Masters() is [var left] && left == chain.FirstPid, "the successor stays");
        clients.Finish();
        clients.Dispose();
        await CheckEndAsync(chain, $"{Clients} connections done, 0 handed on, 0 refused, 0 cut");
    }

    private static Task<ServiceChain> StartAsync(string root, string program) =>
        ServiceChain.StartAsync(root, program, ["serve", root, "--listen", "127.0.0.1:0", "--control", "none", "--processes", "2"]);

    private static async Task CheckEndAsync(ServiceChain chain, string said)
    {
        // What the clients have closed is noticed by whoever has it; lanes and listeners are far fewer.
        var descriptors = new DirectoryInfo($"/proc/{chain.Masters()[^1]}/fd");
        await chain.Until(
            () => descriptors.GetFileSystemInfos().Count(static entry => entry.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true) < Clients / 2,
            "connections stay open");
        var log = await chain.EndAsync();
        Assert.Contains($"drained: {said}", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" error worker", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" closed: ", log, StringComparison.Ordinal);
    }
}
