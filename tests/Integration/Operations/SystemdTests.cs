using System.Net;
using System.Net.Sockets;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>What a server says to systemd and takes from it, with a socket of the test's own in systemd's place.</summary>
public sealed class SystemdTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_says_how_it_is_from_start_to_end_and_workers_inherit_nothing(bool isAbstract)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1000);
        var address = isAbstract ? $"@trainyard-test-{Guid.NewGuid():N}" : directory["notify"];
        using var manager = new Manager(address);
        await using var chain = await ServiceChain.StartAsync(
            cargo, Programs.Server, Arguments(cargo), new Dictionary<string, string> { ["NOTIFY_SOCKET"] = address, ["WATCHDOG_USEC"] = "400000" });
        Assert.StartsWith("READY=1\nSTATUS=serving with 1 workers", await manager.NextAsync("READY=1"), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await manager.NextAsync("WATCHDOG=1");
        RunningServer.Kill(chain.FirstPid, Signal.HangUp);
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d{6,}$", await manager.NextAsync("RELOADING=1"));
        await manager.NextAsync("READY=1");
        foreach (var child in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => IsChildOf(name!, chain.FirstPid)))
            Assert.DoesNotContain("NOTIFY_SOCKET", File.ReadAllText($"/proc/{child}/environ"), StringComparison.Ordinal);

        var successor = await chain.UpgradeAsync(chain.FirstPid);
        Assert.Equal($"MAINPID={successor}", await manager.NextAsync("MAINPID="));
        await manager.NextAsync("READY=1");
        await chain.EndAsync();
        Assert.Contains("draining", await manager.NextAsync("STOPPING=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_systemd_opened_is_served()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        using var listener = Libc.Listen(new(IPAddress.Loopback, 0), 16, onlyIPv6: false).OrThrow("listen");
        var port = Libc.LocalEndPoint(listener)!.Port;
        var pid = Activate(listener, Arguments(cargo, port: 1));
        using var process = Libc.OpenProcess(pid).OrThrow("pidfd_open");
        try
        {
            var fetched = await Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{port}", "whole", directory["got"]);
            Assert.True(fetched.Code == 0, fetched.Error);
            Assert.True(Cargo.Same(cargo, directory["got"]));
        }
        finally
        {
            _ = Libc.SendSignal(process, Signal.Terminate);
            Assert.Equal(new ProcessStatus(ProcessState.Exited, 0), Libc.Wait(process, wait: true));
        }
    }

    [Fact]
    public void What_is_no_listening_socket_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1);
        using var connected = new Loopback();
        var pid = Activate(connected.Server, Arguments(cargo));
        using var process = Libc.OpenProcess(pid).OrThrow("pidfd_open");
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 10), Libc.Wait(process, wait: true));
    }

    [Theory]
    [InlineData("WATCHDOG_USEC", "soon")]
    [InlineData("NOTIFY_SOCKET", "not-a-path")]
    [InlineData("NOTIFY_SOCKET", "/nonexistent/notify")]
    public async Task Variables_that_cannot_be_meant_are_an_error_of_their_own(string variable, string value)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1);
        var ended = await Programs.RunAsync("env", [$"{variable}={value}", Programs.Server, .. Arguments(cargo)]);
        Assert.True(ended.Code == 15, ended.Error);
        Assert.Contains(value, ended.Error, StringComparison.Ordinal);
    }

    private static string[] Arguments(string cargo, int port = 0) =>
        ["textbook", "127.0.0.1", $"{port}", "1", "--dialect", "whole", "--file", cargo];

    // The shell's process id stays the server's, as systemd's child's does.
    private static int Activate(SocketDescriptor socket, string[] arguments)
    {
        var spawned = Libc.Spawn(
            "/bin/sh",
            ["-c", "export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web; exec \"$0\" \"$@\" >/dev/null 2>&1", Programs.Server, .. arguments],
            environment: null,
            [(socket, 3)]);
        Assert.True(spawned.IsOk);
        return spawned.ProcessId;
    }

    private static bool IsChildOf(string name, int parent)
    {
        if (!int.TryParse(name, out _))
            return false;
        try
        {
            var stat = File.ReadAllText($"/proc/{name}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The service manager's end.</summary>
    private sealed class Manager : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public Manager(string address) =>
            _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));

        /// <summary>The next message of a kind; others may come before it.</summary>
        public async Task<string> NextAsync(string start)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var buffer = new byte[4096];
            while (true)
            {
                var count = await _socket.ReceiveAsync(buffer, limit.Token);
                var message = Encoding.UTF8.GetString(buffer, 0, count);
                if (message.StartsWith(start, StringComparison.Ordinal))
                    return message;
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
