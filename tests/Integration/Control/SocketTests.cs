using Trainyard.Integration.Support;
using Trainyard.Shell.Control;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>Where the control socket is, whose it is, and what becomes of it.</summary>
public sealed class SocketTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    [Fact]
    public async Task It_is_its_owners_alone_whatever_the_umask()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var runtime = directory.Sub("runtime");
        using var server = Programs.Start(
            "/bin/sh", "-c",
            $"umask 0; XDG_RUNTIME_DIR={runtime} exec {Programs.Server} textbook 127.0.0.1 0 1 --file {cargo}");
        Assert.StartsWith("listening", await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(OwnerDirectory, File.GetUnixFileMode(Path.Combine(runtime, "trainyard")));
        var socket = Assert.Single(Cargo.Everything(Path.Combine(runtime, "trainyard")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(socket));
        Assert.Equal(0, (await Programs.RunAsync(Programs.Server, "status", "--control", socket)).Code);
        RunningServer.Kill(server.Id, Signal.Terminate);
        Assert.Equal(0, (await Programs.EndOfAsync(server)).Code);
        Assert.Empty(Cargo.Everything(Path.Combine(runtime, "trainyard")));
    }

    [Fact]
    public async Task Another_user_is_turned_away_even_where_the_file_lets_him()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "only root can be somebody else");
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, OwnerDirectory | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        var socket = directory["open.sock"];
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10), "--control", socket);
        File.SetUnixFileMode(socket, OwnerFile | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        const string Nobody = "65534";
        var end = await Programs.RunAsync(
            "/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", Programs.Server, "status", "--control", socket);
        Assert.True(end.Code == 5, $"{end.Code}: {end.Output}{end.Error}");
        Assert.Equal(0, (await Programs.RunAsync(Programs.Server, "status", "--control", socket)).Code);
    }

    [Fact]
    public async Task A_dead_servers_is_replaced_and_a_living_ones_is_not()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var socket = directory["it.sock"];
        await using (var first = await RunningServer.StartAsync(1, "whole", cargo, "--control", socket))
        {
            RunningServer.Kill(first.Pid, Signal.Kill);
            await first.EndAsync();
        }
        Assert.True(File.Exists(socket));
        await using var second = await RunningServer.StartAsync(1, "whole", cargo, "--control", socket);
        var third = await Programs.RunAsync(Programs.Server, "textbook", "127.0.0.1", "0", "1", "--file", cargo, "--control", socket);
        Assert.Equal(10, third.Code);
        Assert.Contains($"pid {second.Pid}", third.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Programs.RunAsync(Programs.Server, "status", "--control", socket)).Code);
        Assert.Equal(["cargo", "it.sock"], Cargo.Everything(directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_no_socket_stays()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var end = await Programs.RunAsync(Programs.Server, "textbook", "127.0.0.1", "0", "1", "--file", cargo, "--control", cargo);
        Assert.Equal(10, end.Code);
        Assert.Equal(10, new FileInfo(cargo).Length);
        Assert.Equal(["cargo"], Cargo.Everything(directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task At_the_end_only_its_own_name_is_removed()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var socket = directory["it.sock"];
        await using (var server = await RunningServer.StartAsync(1, "whole", cargo, "--control", socket))
        {
            Assert.Equal(0, (await Programs.RunAsync(Programs.Server, "status", "--control", socket)).Code);
            File.Delete(socket);
            await File.WriteAllTextAsync(socket, "somebody else's", TestContext.Current.CancellationToken);
        }
        Assert.True(File.Exists(socket));
        File.Delete(socket);
        await using (await RunningServer.StartAsync(1, "whole", cargo, "--control", socket))
            Assert.Equal(0, (await Programs.RunAsync(Programs.Server, "status", "--control", socket)).Code);
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task None_is_none()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RunningServer.StartAsync(1, "whole", Cargo.Create(directory, "cargo", 10), "--control", "none");
        Assert.False(File.Exists(server.ControlPath));
        Assert.Equal(3, (await server.ControlAsync("status")).Code);
    }

    [Fact]
    public async Task Of_several_servers_one_must_be_named()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var runtime = directory.Sub("runtime");
        var sockets = Directory.CreateDirectory(Path.Combine(runtime, "trainyard"), OwnerDirectory).FullName;
        await using var first = await RunningServer.StartAsync(1, "whole", cargo, "--control", Path.Combine(sockets, "1.sock"));
        await using var second = await RunningServer.StartAsync(1, "whole", cargo, "--control", Path.Combine(sockets, "2.sock"));
        var several = await In(runtime, "status");
        Assert.Equal(2, several.Code);
        Assert.Contains("1.sock", several.Error, StringComparison.Ordinal);
        Assert.Contains("2.sock", several.Error, StringComparison.Ordinal);
        Assert.Contains($"pid {second.Pid}", (await In(runtime, "status", "--port", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_server_is_found()
    {
        var others = ControlDirectory.Candidates().Where(Directory.Exists).SelectMany(Cargo.Everything);
        Assert.SkipWhen(others.Any(), "somebody runs a server beside the tests");
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        var runtime = directory.Sub("runtime");
        Assert.Equal(2, (await In(runtime, "status")).Code);
        var sockets = Directory.CreateDirectory(Path.Combine(runtime, "trainyard"), OwnerDirectory).FullName;
        await using (var dead = await RunningServer.StartAsync(1, "whole", cargo, "--control", Path.Combine(sockets, "1.sock")))
        {
            RunningServer.Kill(dead.Pid, Signal.Kill);
            await dead.EndAsync();
        }
        await using var living = await RunningServer.StartAsync(1, "whole", cargo, "--control", Path.Combine(sockets, "2.sock"));
        Assert.Contains($"pid {living.Pid}", (await In(runtime, "status")).Output, StringComparison.Ordinal);
    }

    private static Task<Finished> In(string runtime, params IEnumerable<string> command) =>
        Programs.RunAsync("/usr/bin/env", [$"XDG_RUNTIME_DIR={runtime}", Programs.Server, .. command]);
}
