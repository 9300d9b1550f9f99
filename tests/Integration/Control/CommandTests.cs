using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>A command comes back when what it says is true.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Resize_is_answered_when_so_many_serve()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(2, "whole", Cargo.Create(directory, "cargo", 10));
        Assert.Equal("4 workers serve\n", (await server.ControlAsync("resize", "+2")).Output);
        Assert.Equal(4, (await server.ServingAsync()).Count);
        Assert.Equal("3 workers serve\n", (await server.ControlAsync("resize", "-1")).Output);
        Assert.Equal(3, (await server.ServingAsync()).Count);
        var absolute = await server.ControlAsync("resize", "1", "--json");
        Assert.Equal("""{"version":1,"outcome":"done","workers":1}""" + "\n", absolute.Output);
        Assert.Single(await server.ServingAsync());
        await server.WaitForWorkersAsync(1);
    }

    [Fact]
    public async Task Reload_is_answered_when_every_worker_is_a_new_one()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        await server.WaitForWorkersAsync(2);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        var before = server.Workers().Select(worker => worker.Pid).ToHashSet();
        // The transfer under way does not hold it up: it goes on in a new one.
        var end = await server.ControlAsync("reload");
        Assert.True(end.Code == 0, end.Error);
        Assert.DoesNotContain(server.Workers(), worker => before.Contains(worker.Pid));
        Assert.Equal(2, (await server.ServingAsync()).Count);
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        Assert.True(Cargo.Same(cargo, directory["slow"]));
    }

    [Fact]
    public async Task Drain_is_answered_with_the_certificate_when_everything_has_finished()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo, "--json");
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        var drain = server.ControlAsync("drain", "--json");
        await server.WaitForPhaseAsync("draining");
        Assert.Equal(13, (await server.ControlAsync("resize", "5")).Code);
        Assert.False(drain.IsCompleted);
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        var end = await drain;
        Assert.True(end.Code == 0, end.Error);
        Assert.True(Cargo.Same(cargo, directory["slow"]));
        const string Certificate = """{"cause":"drained","completed":1,"handed_on":0,"rejected":0,"aborted":0}""";
        Assert.Equal($$"""{"version":1,"outcome":"done","certificate":{{Certificate}}}""" + "\n", end.Output);
        Assert.Equal(0, (await server.EndAsync()).Code);
        Assert.Equal(Certificate + "\n", await server.Output);
        Assert.False(File.Exists(server.ControlPath));
    }

    [Fact]
    public async Task A_drain_with_a_timeout_cuts_who_takes_nothing_and_says_so()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo);
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", server.Port);
        await Until.HoldsAsync(
            async () => (await server.StatusAsync()).GetProperty("counts").GetProperty("bytes").GetInt64() > 0, "the transfer has begun");
        var end = await server.ControlAsync("drain", "--timeout", "500ms");
        Assert.True(end.Code == 12, end.Error + end.Output);
        Assert.Contains("1 cut", end.Output, StringComparison.Ordinal);
        Assert.Equal(12, (await server.EndAsync()).Code);
    }

    [Fact]
    public async Task Stop_ends_at_once()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(2, "whole", Cargo.Create(directory, "cargo", 10));
        var end = await server.ControlAsync("stop");
        Assert.True(end.Code == 0, end.Error);
        Assert.StartsWith("stopped:", end.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await server.EndAsync()).Code);
    }

    [Fact]
    public async Task Without_waiting_the_answer_comes_before_the_end()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", SlowPeer.LongerThanTheKernelQueues);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo);
        using var slow = await SlowPeer.BeginAsync(server, directory["slow"]);
        Assert.Equal("""{"version":1,"outcome":"accepted"}""" + "\n", (await server.ControlAsync("drain", "--no-wait", "--json")).Output);
        Assert.Equal(0, (await slow.HurryAsync()).Code);
        Assert.Equal(0, (await server.EndAsync()).Code);
    }

    [Fact]
    public async Task A_wrong_command_line_is_said_to_be_one()
    {
        string[][] wrong = [["resize", "0"], ["resize", "2000"], ["resize", "many"], ["drain", "--timeout", "soon"], ["status", "-w", "--interval", "none"]];
        foreach (var command in wrong)
            Assert.Equal(2, (await Programs.RunAsync(Programs.Server, [.. command, "--control", "/nowhere"])).Code);
        Assert.Equal(3, (await Programs.RunAsync(Programs.Server, "status", "--control", "/nowhere")).Code);
    }
}
