using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>A running server is replaced by a new process of the program on disk, and no client notices.</summary>
public sealed class UpgradeTests
{
    // With TRAINYARD_LONG=1 twenty.
    private static readonly int Upgrades = LongRun.Or(20, 8);

    [Fact]
    public async Task Upgrades_in_a_row_cost_no_client_anything()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        await using var chain = await StartAsync(cargo, Programs.Server);
        await using var clients = new ShortClients(chain.Port, File.ReadAllBytes(cargo), threads: 6);
        var master = chain.FirstPid;
        for (var i = 0; i < Upgrades; i++)
        {
            // Each of them serves for a while, under load.
            var before = clients.Whole;
            await chain.Until(() => clients.Whole > before + 50, "the clients are not served");
            master = await chain.UpgradeAsync(master);
        }
        await clients.StopAsync();
        Assert.True(clients.Bad == 0, $"{clients}\n{chain.LogSoFar()}");
        await chain.Until(() => chain.Masters().Count == 1, "an old master stays");
        var log = await chain.EndAsync();
        // What the clients received is what the masters say they have sent.
        Assert.Equal(Upgrades + 1, log.Split('\n').Count(line => line.Contains(" drained: ", StringComparison.Ordinal)));
        Assert.DoesNotContain("could not be handed on", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_goes_on_in_the_new_server_which_serves_what_waits_too()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var chain = await ServiceChain.StartAsync(cargo, Programs.Server, [.. Arguments(cargo, workers: 1), "-v", "--no-progress", "none", "--drain", "none"]);
        using var slow = new TcpClient("127.0.0.1", chain.Port);
        using var received = new MemoryStream();
        received.WriteByte((byte)slow.GetStream().ReadByte());
        var waiting = Enumerable.Range(0, 20).Select(i => Fetch(chain.Port, directory[$"waiting{i}"])).ToList();
        await chain.Until(() => chain.LogSoFar().Contains("; 20 waiting", StringComparison.Ordinal), "nobody waits");
        var successor = await chain.UpgradeAsync(chain.FirstPid);
        // The old server leaves at once, though the slow transfer is far from its end.
        await chain.Until(() => chain.Masters() is [var only] && only == successor, "the old server stays");
        await slow.GetStream().CopyToAsync(received, TestContext.Current.CancellationToken);
        Assert.True(received.ToArray().AsSpan().IndexOf(File.ReadAllBytes(cargo)) >= 0, "the slow client got no whole file");
        foreach (var end in await Task.WhenAll(waiting))
            Assert.True(end.Code == 0, end.Error);
        for (var i = 0; i < 20; i++)
            Assert.True(Cargo.Same(cargo, directory[$"waiting{i}"]));
        var log = await chain.EndAsync();
        Assert.Contains("drained: 0 connections done, 21 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
        Assert.Contains("drained: 21 connections done, 0 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 1\n", "exited with status 1")]
    [InlineData("#!/bin/sh\nexec 3>&-\nkill -STOP $$\n", "closed its lane before it was ready")]
    [InlineData("not a program", "cannot be started")]
    public async Task A_successor_that_fails_changes_nothing(string program, string cause)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        var copy = new ServerCopy(directory);
        await using var chain = await StartAsync(cargo, copy.Path);
        await using var clients = new ShortClients(chain.Port, File.ReadAllBytes(cargo), threads: 2);
        // The workers are up, and need the program no more.
        await chain.Until(() => clients.Whole > 50, "the clients are not served");
        copy.Replace(program);
        RunningServer.Kill(chain.FirstPid, Signal.User2);
        await chain.Until(() => chain.LogSoFar().Contains("upgrade failed, this server goes on", StringComparison.Ordinal), "nothing failed");
        Assert.Contains(cause, chain.LogSoFar(), StringComparison.Ordinal);
        await chain.Until(() => chain.Masters().Count == 1, "the successor stays");
        Assert.Equal([chain.FirstPid], chain.Masters());
        var before = clients.Whole;
        await chain.Until(() => clients.Whole > before + 50, "the clients are not served");
        // A good program after a bad one.
        copy.Restore();
        await chain.UpgradeAsync(chain.FirstPid);
        await clients.StopAsync();
        Assert.True(clients.Bad == 0, $"{clients}\n{chain.LogSoFar()}");
        await chain.EndAsync();
    }

    [Fact]
    public async Task A_successor_that_hangs_is_ended_when_the_server_is_told_to_end()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        var copy = new ServerCopy(directory);
        await using var chain = await ServiceChain.StartAsync(cargo, copy.Path, [.. Arguments(cargo, workers: 2), "--drain", "1s"]);
        copy.Replace("#!/bin/sh\nkill -STOP $$\n");
        RunningServer.Kill(chain.FirstPid, Signal.User2);
        await chain.Until(() => chain.LogSoFar().Contains("started as process", StringComparison.Ordinal), "no successor");
        // While one is awaited, a second request does nothing.
        RunningServer.Kill(chain.FirstPid, Signal.User2);
        await chain.Until(() => chain.Masters().Count == 2, "no successor");
        RunningServer.Kill(chain.FirstPid, Signal.Terminate);
        await chain.Until(() => chain.Masters().Count == 0, "the hanging successor stays");
        var log = await chain.EndAsync();
        Assert.Equal(1, log.Split('\n').Count(line => line.Contains("started as process", StringComparison.Ordinal)));
        Assert.Contains("is given up", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_successor_whose_predecessor_is_killed_serves()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        await using var chain = await StartAsync(cargo, Programs.Server);
        RunningServer.Kill(chain.FirstPid, Signal.User2);
        await chain.Until(() => chain.LogSoFar().Contains("started as process", StringComparison.Ordinal), "no successor");
        RunningServer.Kill(chain.FirstPid, Signal.Kill);
        await chain.Until(
            () => chain.LogSoFar() is var log && (log.Contains("ended before it had handed over", StringComparison.Ordinal)
                || log.Contains("has handed over", StringComparison.Ordinal)),
            "nobody leads");
        await using (var clients = new ShortClients(chain.Port, File.ReadAllBytes(cargo), threads: 2))
        {
            await chain.Until(() => clients.Whole > 20, "the clients are not served");
            await clients.StopAsync();
            Assert.True(clients.Bad == 0, $"{clients}\n{chain.LogSoFar()}");
        }
        await chain.EndAsync();
    }

    [Fact]
    public async Task It_works_under_the_dotnet_host_too()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        // The control socket's name leads to whoever is the server.
        var control = cargo + ".control";
        await using var chain = await ServiceChain.StartAsync(
            cargo, "dotnet", ["exec", Programs.Server + ".dll", .. Arguments(cargo, workers: 1)]);
        var second = await chain.UpgradeAsync(chain.FirstPid);
        var upgraded = await Programs.RunAsync(Programs.Server, "upgrade", "--control", control);
        Assert.True(upgraded.Code == 0, upgraded.Error);
        await chain.Until(() => chain.LogSoFar().Contains($"process {second} has handed over", StringComparison.Ordinal), "no second upgrade");
        await chain.Until(() => chain.Masters().Count == 1, "an old server stays");
        var status = await Programs.RunAsync(Programs.Server, "status", "--json", "--control", control);
        Assert.True(status.Code == 0, status.Error);
        Assert.Contains($"{chain.Masters()[0]}", status.Output, StringComparison.Ordinal);
        var fetched = await Fetch(chain.Port, directory["got"]);
        Assert.True(fetched.Code == 0, fetched.Error);
        await chain.EndAsync();
        Assert.False(File.Exists(control), "the control socket stays");
    }

    private static Task<ServiceChain> StartAsync(string cargo, string program, int workers = 2) =>
        ServiceChain.StartAsync(cargo, program, Arguments(cargo, workers));

    private static string[] Arguments(string cargo, int workers) =>
        ["textbook", "127.0.0.1", "0", $"{workers}", "--dialect", "whole", "--file", cargo, "--control", cargo + ".control"];

    private static Task<Finished> Fetch(int port, string path, params string[] more) =>
        Programs.RunAsync(Programs.Peer, ["fetch", "127.0.0.1", $"{port}", "whole", path, .. more]);
}
