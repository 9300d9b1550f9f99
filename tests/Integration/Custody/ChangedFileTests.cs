using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>A file becomes another one while no worker has it: nobody gets the first part of the one and the rest of the other.</summary>
public sealed class ChangedFileTests
{
    private const int Size = SlowPeer.LongerThanTheKernelQueues;
    private const int Queue = 64 * 1024;

    [Theory]
    [InlineData("replaced")]
    [InlineData("rewritten")]
    [InlineData("removed")]
    public async Task A_native_client_begins_anew_or_is_told(string how)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, $"{Path.GetFileName(directory.Sub("root"))}/cargo", Size);
        await using var server = await Served.StartAsync(directory["root"], "--processes", "2");
        using var proxy = Between(server, () => Change(directory, cargo, how));
        var end = await Served.RunAsync("get", $"train://127.0.0.1:{proxy.Port}/cargo", directory["got"]);
        if (how == "removed" || end.Code != 0)
        {
            // Not found, changed, or cut, to be resumed.
            Assert.True(end.Code is 18 or 20 or 23, $"{end.Code}: {end.Error}");
            Assert.False(File.Exists(directory["got"]));
            return;
        }
        Assert.True(Cargo.Same(cargo, directory["got"]));
    }

    [Theory]
    [InlineData("trains", "replaced")]
    [InlineData("sized", "rewritten")]
    [InlineData("whole", "removed")]
    [InlineData("whole", "replaced")]
    public async Task A_client_that_cannot_be_told_is_cut(string dialect, string how)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", Size);
        await using var server = await RunningServer.StartAsync(2, dialect, cargo);
        using var proxy = Between(server, () => Change(directory, cargo, how));
        var end = await Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{proxy.Port}", dialect, directory["got"]);
        Assert.True(end.Code == 3, $"{end.Code}: {end.Output} {end.Error}");
    }

    /// <summary>In the middle of the first transfer all workers are killed, and the file changes before the next one is there.</summary>
    private static Proxy Between(RunningServer server, Action change)
    {
        var passed = 0L;
        return new(
            server.Port,
            () => (toClient, bytes) =>
            {
                var before = passed;
                passed += toClient ? bytes.Length : 0;
                if (before < Size / 2 && passed >= Size / 2)
                {
                    var workers = server.Workers();
                    // None of them may be in the middle of anything by then, and none of those that come after them has begun.
                    foreach (var (pid, _) in workers)
                        RunningServer.Kill(pid, Signal.Stop);
                    change();
                    foreach (var (pid, _) in workers)
                        RunningServer.Kill(pid, Signal.Kill);
                }
                return Proxy.Course.Pass;
            },
            Queue);
    }

    private static void Change(TemporaryDirectory directory, string cargo, string how)
    {
        switch (how)
        {
            case "replaced":
                File.Move(Cargo.Create(directory, "next", Size), cargo, overwrite: true);
                break;
            case "rewritten":
                using (var file = File.OpenHandle(cargo, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    RandomAccess.Write(file, "another content"u8, Size - 100);
                break;
            default:
                File.Delete(cargo);
                break;
        }
    }
}
