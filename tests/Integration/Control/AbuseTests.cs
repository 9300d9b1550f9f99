using Trainyard.Core.Control;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>Whoever may connect may also be mistaken, slow or silent; the server goes on.</summary>
public sealed class AbuseTests
{
    private const string Status = """{"version":1,"command":"status"}""";

    private static readonly string[] NoRequests =
    [
        "",
        "status",
        "null",
        "[]",
        """{"command":"status"}""",
        """{"version":2,"command":"status"}""",
        """{"version":1,"command":"dance"}""",
        """{"version":1,"command":"resize"}""",
        """{"version":1,"command":"resize","delta":1,"workers":1}""",
        """{"version":1,"command":"status","command":"stop"}""",
        """{"version":1,"command":"drain","patience":1}""",
        """{"version":1,"command":"drain","patience_ms":-1}""",
        """{"version":1e400,"command":"drain"}""",
        "\u0000\u001b[2J",
    ];

    [Fact]
    public async Task What_is_no_request_is_refused_and_does_nothing()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10));
        foreach (var line in NoRequests)
        {
            var answer = ControlPeer.Ask(server.ControlPath, line);
            Assert.Equal("refused", answer.GetProperty("outcome").GetString());
            Assert.NotEmpty(answer.GetProperty("reason").GetString()!);
        }
        var status = await server.StatusAsync();
        Assert.Equal("running", status.GetProperty("server").GetProperty("phase").GetString());
        Assert.Equal(1, status.GetProperty("server").GetProperty("target_workers").GetInt32());
    }

    [Fact]
    public async Task A_request_may_come_byte_by_byte_and_must_come_whole()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10));
        using (var slow = new ControlPeer(server.ControlPath))
        {
            foreach (var character in Status + "\n")
                slow.Send($"{character}");
            Assert.Contains("\"done\"", slow.ReadToEnd(), StringComparison.Ordinal);
        }
        using (var half = new ControlPeer(server.ControlPath))
        {
            half.Send(Status);
            half.EndSending();
            Assert.Contains("before its line did", half.ReadToEnd(), StringComparison.Ordinal);
        }
        using (var huge = new ControlPeer(server.ControlPath))
        {
            huge.Send(new string(' ', ControlProtocol.MaximumLineBytes));
            Assert.Contains("longer than 4096 bytes", huge.ReadToEnd(), StringComparison.Ordinal);
        }
        using (var two = new ControlPeer(server.ControlPath))
        {
            two.Send($"{Status}\n{Status}\n");
            Assert.Contains("carries one", two.ReadToEnd(), StringComparison.Ordinal);
        }
        using (var shut = new ControlPeer(server.ControlPath))
        {
            shut.Send(Status + "\n");
            shut.EndSending();
            Assert.Contains("\"done\"", shut.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_asks_and_leaves_is_obeyed()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10));
        using (var peer = new ControlPeer(server.ControlPath))
            peer.Send("""{"version":1,"command":"resize","workers":3}""" + "\n");
        await server.WaitForWorkersAsync(3);
    }

    [Fact]
    public async Task A_hundred_silent_connections_disturb_nobody_and_are_shed()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 3_000_000);
        await using var server = await RunningServer.StartAsync(2, "whole", cargo);
        await server.WaitForWorkersAsync(2);
        await server.StatusAsync();
        var before = server.Open().Count;
        List<ControlPeer> silent = [];
        try
        {
            for (var i = 0; i < 100; i++)
                silent.Add(new ControlPeer(server.ControlPath));
            var fetched = await server.FetchAsync(directory.Sub("got"), "whole");
            Assert.True(fetched.Code == 0, fetched.Error);
            Assert.Equal("running", (await server.StatusAsync()).GetProperty("server").GetProperty("phase").GetString());
            Assert.InRange(server.Open().Count, 0, before + 70);
            foreach (var peer in silent)
                Assert.Empty(peer.ReadToEnd());
            await Until.HoldsAsync(() => server.Open().Count <= before, "no descriptor of theirs is left");
        }
        finally
        {
            silent.ForEach(peer => peer.Dispose());
        }
    }
}
