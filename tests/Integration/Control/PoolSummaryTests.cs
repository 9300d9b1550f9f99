using System.Net.Sockets;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>What a master tells its workers of the pool, read as they read it: from the memory that they share.</summary>
public sealed class PoolSummaryTests
{
    [Fact]
    public async Task It_follows_the_pool_until_it_drains()
    {
        await using var server = await RunningServer.StartAsync(1, "echo", file: null);
        using var scoreboard = Scoreboard.Open(
            Libc.Open(FileDescriptor.WorkingDirectory, System.Text.Encoding.ASCII.GetBytes(ScoreboardOf(server.Pid)), OpenFlags.ReadWrite).OrThrow("open"));
        ServerStatus Status() => scoreboard.ReadPool(DateTimeOffset.UtcNow);
        using (var served = new TcpClient("127.0.0.1", server.Port))
        {
            served.GetStream().WriteByte(1);
            Assert.Equal(1, served.GetStream().ReadByte());
            using var waits = new TcpClient("127.0.0.1", server.Port);
            await Until.HoldsAsync(() => Status() is { Workers: 1, Connections: 1, Waiting: 1, IsDraining: false }, "one is served, one waits");
            Assert.InRange(Status().Uptime, 0, 600);
            RunningServer.Kill(server.Pid, Signal.Terminate);
            await Until.HoldsAsync(() => Status() is { Connections: 1, Waiting: 0, IsDraining: true }, "it drains");
        }
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
    }

    private static string ScoreboardOf(int pid) =>
        Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
            .First(entry => new FileInfo(entry).LinkTarget?.StartsWith("/memfd:trainyard-scoreboard", StringComparison.Ordinal) == true);
}
