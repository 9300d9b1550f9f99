using System.Net.Sockets;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>A connection that brings down whoever serves it: after three of them it is ended, and the server has others for the rest.</summary>
public sealed class PoisonTests
{
    private const int Strikes = 3;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "misbehaver");

    [Theory]
    [InlineData('K', "a request that was not answered", "Quarantined")]
    [InlineData('k', "the/poison", null)]
    public async Task Three_workers_are_enough(char how, string subject, string? told)
    {
        await using var server = await RunningServer.StartProgramAsync(Program, "2", "10000");
        await server.WaitForWorkersAsync(2);
        await AskAsync(server);
        using var poison = new TcpClient("127.0.0.1", server.Port);
        poison.GetStream().WriteByte((byte)how);
        Assert.Equal(told, await EndOfAsync(poison));
        await AskAsync(server);
        await server.WaitForWorkersAsync(2);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 12, log);
        Assert.Equal(Strikes, log.Split('\n').Count(static line => line.Contains("was killed by signal 6", StringComparison.Ordinal)));
        Assert.Contains($"is quarantined: it has brought down one worker after another in its turn, with {subject}", log, StringComparison.Ordinal);
        // Whose end its worker had not told yet when it died is cut, too.
        Assert.Matches("[12] connections done, 0 handed on, 0 refused, [12] cut", log);
    }

    [Fact]
    public async Task Somebody_elses_kills_are_not_its_fault()
    {
        await using var server = await RunningServer.StartProgramAsync(Program, "1", "10000");
        await server.WaitForWorkersAsync(1);
        // Untouched, as it says nothing: each worker begins it afresh.
        using var silent = new TcpClient("127.0.0.1", server.Port);
        for (var i = 0; i <= 2 * Strikes; i++)
        {
            await AskAsync(server);
            var victim = Assert.Single(server.Workers()).Pid;
            RunningServer.Kill(victim, Signal.Kill);
            await Until.HoldsAsync(() => !RunningServer.IsWorker(victim), "it is dead");
        }
        silent.GetStream().WriteByte((byte)'p');
        Assert.NotEqual("", await LineOfAsync(silent));
        // Of who had asked before a kill, the end may not have been reported yet.
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code is 0 or 12, log);
        Assert.DoesNotContain("quarantined", log, StringComparison.Ordinal);
    }

    // One that is served, whoever dies of the other one.
    private static async Task AskAsync(RunningServer server)
    {
        using var client = new TcpClient("127.0.0.1", server.Port);
        client.GetStream().WriteByte((byte)'p');
        Assert.NotEqual("", await LineOfAsync(client));
    }

    private static async Task<string> LineOfAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Until.Patience);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(limit.Token) ?? "";
    }

    /// <returns>What it was told; <c>null</c> where it was reset.</returns>
    private static async Task<string?> EndOfAsync(TcpClient client)
    {
        try
        {
            return await LineOfAsync(client);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
