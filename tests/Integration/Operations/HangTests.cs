using System.Net.Sockets;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Workers that stop, spin, block, fail: each is noticed and replaced, and nobody takes a slow client for one.</summary>
public sealed class HangTests
{
    // Long enough that no busy machine keeps a healthy worker from showing life.
    private const string HungAfterMs = "2500";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "misbehaver");

    [Theory]
    [InlineData('s', "hangs")]
    [InlineData('b', "hangs")]
    [InlineData('x', "exited with status 3")]
    public async Task A_worker_that_does_not_come_back_is_replaced(char how, string said)
    {
        await using var server = await RunningServer.StartProgramAsync(Program, "1", HungAfterMs);
        var first = await PidBehindAsync(server);
        using (var client = new TcpClient("127.0.0.1", server.Port))
        {
            client.GetStream().WriteByte((byte)how);
            // Its connection cannot be served by anybody else: something of it was read.
            await ClosedAsync(client);
        }
        var second = await PidBehindAsync(server);
        Assert.NotEqual(first, second);
        await server.WaitForWorkersAsync(1);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 12, log);
        Assert.Contains(said, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_worker_is_replaced_though_nobody_asks_anything_of_it()
    {
        await using var server = await RunningServer.StartProgramAsync(Program, "1", HungAfterMs);
        using var client = new TcpClient("127.0.0.1", server.Port);
        var first = await AskPidAsync(client);
        RunningServer.Kill(first, Signal.Stop);
        await ClosedAsync(client);
        Assert.NotEqual(first, await PidBehindAsync(server));
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 12, log);
        Assert.Contains("hangs: state T", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_client_is_no_hang()
    {
        await using var server = await RunningServer.StartProgramAsync(Program, "1", HungAfterMs);
        using var client = new TcpClient("127.0.0.1", server.Port);
        var first = await AskPidAsync(client);
        // Silence on the connection for more than twice the time after which a worker counts as hung.
        await Task.Delay(5500, TestContext.Current.CancellationToken);
        Assert.Equal(first, await AskPidAsync(client));
    }

    private static async Task<int> PidBehindAsync(RunningServer server)
    {
        using var client = new TcpClient("127.0.0.1", server.Port);
        return await AskPidAsync(client);
    }

    private static async Task<int> AskPidAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        client.GetStream().WriteByte((byte)'p');
        var answer = new StringBuilder();
        var one = new byte[1];
        while (await client.GetStream().ReadAsync(one, limit.Token) == 1 && one[0] != '\n')
            answer.Append((char)one[0]);
        return int.Parse(answer.ToString(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task ClosedAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], limit.Token));
        }
        catch (IOException)
        {
            // A reset is as good an end.
        }
    }
}
