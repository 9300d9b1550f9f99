using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Listeners of every kind: whose name it is, who may connect, and what becomes of it.</summary>
public sealed class UnixListenerTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "misbehaver");

    [Fact]
    public async Task A_path_is_taken_from_a_dead_server_served_and_removed_at_the_end()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["socket"];
        LeaveBehind(path);
        await using var server = await RunningServer.StartProgramAsync(Program, "1", "10000", "127.0.0.1:0", $"unix:{path}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        string pid;
        using (var client = new UnixClient(path))
            pid = await client.AskAsync('p');
        Assert.Equal($"{server.Workers()[0].Pid}", pid);
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
        Assert.Contains($"listening on unix:{path}", log, StringComparison.Ordinal);
        Assert.Contains(" from unix, worker ", log, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [Fact]
    public void What_a_living_server_has_or_what_is_no_socket_stays()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["socket"];
        using var living = Pool(new UnixDomainSocketEndPoint(path));
        var refused = Assert.Throws<TransferException>(() => Pool(new UnixDomainSocketEndPoint(path)));
        Assert.Equal(TransferFailure.Listen, refused.Reason);
        Assert.Contains($"cannot listen on unix:{path}: the server with pid {Environment.ProcessId} has it", refused.Message, StringComparison.Ordinal);
        using (new UnixClient(path))
            File.WriteAllText(directory["file"], "kept");
        Assert.Throws<TransferException>(() => Pool(new UnixDomainSocketEndPoint(directory["file"])));
        Assert.Equal("kept", File.ReadAllText(directory["file"]));
        Assert.Throws<TransferException>(() => Pool(new UnixDomainSocketEndPoint("\0abstract")));
        Assert.Throws<TransferException>(() => Pool(new UnixDomainSocketEndPoint(directory["none/socket"])));
        living.Dispose();
        Assert.Equal([directory["file"]], Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [Fact]
    public void The_umask_takes_nothing_from_the_mode_that_was_asked_for()
    {
        using var directory = new TemporaryDirectory();
        const UnixFileMode all = (UnixFileMode)0x1B6;
        using var pool = new WorkerPool(new() { Service = "none", Listen = [new UnixDomainSocketEndPoint(directory["socket"])], UnixSocketMode = all });
        Assert.Equal(all, File.GetUnixFileMode(directory["socket"]));
        Assert.Equal(directory["socket"], pool.EndPoints[0].ToString());
    }

    [Fact]
    public void IPv4_and_IPv6_can_have_the_same_port_side_by_side()
    {
        using var six = Pool(new IPEndPoint(IPAddress.IPv6Any, 0));
        using var four = Pool(new IPEndPoint(IPAddress.Any, ((IPEndPoint)six.EndPoints[0]).Port));
        Assert.Equal(((IPEndPoint)six.EndPoints[0]).Port, ((IPEndPoint)four.EndPoints[0]).Port);
    }

    [Fact]
    public async Task In_an_upgrade_the_name_stays_and_the_last_server_removes_it()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["socket"];
        await using var chain = await ServiceChain.StartAsync($"unix:{path}", Program, ["1", "10000", "127.0.0.1:0", $"unix:{path}"]);
        using var idle = new UnixClient(path);
        var first = await idle.AskAsync('p');
        var second = await chain.UpgradeAsync(chain.FirstPid);
        // The idle connection learns that its worker leaves, which keeps the old server from waiting for it.
        Assert.Equal("drain", await new StreamReader(idle.Stream).ReadLineAsync(TestContext.Current.CancellationToken));
        await chain.Until(() => chain.Masters() is [var left] && left == second, "the old server stays");
        Assert.True(File.Exists(path), "the old server has removed the name");
        using (var client = new UnixClient(path))
            Assert.NotEqual(first, await client.AskAsync('p'));
        await chain.UpgradeAsync(second);
        await chain.Until(() => chain.Masters().Count == 1, "the second server stays");
        using (var client = new UnixClient(path))
            await client.AskAsync('p');
        await chain.EndAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [Fact]
    public async Task A_socket_of_the_service_manager_is_served_and_its_name_left_alone()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["socket"];
        using var listener = Libc.ListenUnix(System.Text.Encoding.UTF8.GetBytes(path), 0x180, 16).OrThrow("listen");
        var spawned = Libc.Spawn(
            "/bin/sh",
            ["-c", "export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web; exec \"$0\" \"$@\" >/dev/null 2>&1", Program, "1", "10000", "127.0.0.1:0"],
            environment: null,
            [(listener, 3)]);
        Assert.True(spawned.IsOk);
        using var process = Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open");
        using (var client = new UnixClient(path))
            Assert.True(int.Parse(await client.AskAsync('p'), CultureInfo.InvariantCulture) > 0);
        _ = Libc.SendSignal(process, Signal.Terminate);
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 0), Libc.Wait(process, wait: true));
        Assert.True(File.Exists(path), "it has removed what is not its own");
    }

    // A socket whose server is dead: the kernel does not remove names.
    private static void LeaveBehind(string path) =>
        Libc.ListenUnix(System.Text.Encoding.UTF8.GetBytes(path), 0x180, 1).OrThrow("listen").Dispose();

    private static WorkerPool Pool(EndPoint endPoint) => new(new() { Service = "none", Listen = [endPoint] });
}
