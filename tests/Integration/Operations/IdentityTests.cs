using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>The user and group that a server takes on once it has bound its address.</summary>
public sealed class IdentityTests
{
    // Numbers that no user database knows, so that the test is the same on every machine.
    private const uint User = 54321;
    private const uint Group = 54322;

    private static bool IsRoot => Libc.CurrentCredentials().Users[1] == 0;

    [Fact]
    public async Task Master_and_workers_run_as_they_are_told_or_the_server_says_that_it_may_not()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000);
        File.SetUnixFileMode(Path.GetDirectoryName(cargo)!, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(cargo, (UnixFileMode)0b110_100_100);
        string[] arguments = ["--user", $"{User}", "--group", $"{Group}"];
        if (!IsRoot)
        {
            var refused = await Programs.RunAsync(
                Programs.Server, ["textbook", "127.0.0.1", "0", "1", "--dialect", "whole", "--file", cargo, .. arguments]);
            Assert.True(refused.Code == 14, refused.Error);
            Assert.Contains("cannot run as user", refused.Error, StringComparison.Ordinal);
            return;
        }
        await using var server = await RunningServer.StartAsync(2, "whole", cargo, arguments);
        await server.WaitForWorkersAsync(2);
        foreach (var pid in server.Workers().Select(worker => worker.Pid).Append(server.Pid))
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                if (StatusOf(thread) is not { } status)
                    continue;
                Assert.Contains($"Uid:\t{User}\t{User}\t{User}\t{User}", status);
                Assert.Contains($"Gid:\t{Group}\t{Group}\t{Group}\t{Group}", status);
                Assert.Contains($"Groups:\t{Group} ", status);
                Assert.Contains("CapEff:\t0000000000000000", status);
                Assert.Contains("CapPrm:\t0000000000000000", status);
            }
        var fetched = await server.FetchAsync(directory.Sub("target"), "whole");
        Assert.True(fetched.Code == 0, fetched.Error);
    }

    // None of one that has ended since it was listed.
    private static string[]? StatusOf(string thread)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(thread, "status"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData("--user", "no-such-user-here", "there is no user no-such-user-here")]
    [InlineData("--group", "no-such-group-here", "there is no group no-such-group-here")]
    [InlineData("--user", "54321", "is in no user database: say its group too")]
    public async Task Somebody_who_does_not_exist_is_an_error_of_its_own(string option, string value, string sentence)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1);
        var ended = await Programs.RunAsync(Programs.Server, "textbook", "127.0.0.1", "0", "1", "--file", cargo, option, value);
        Assert.True(ended.Code == 14, ended.Error);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_user_may_not_read_is_noticed_at_the_start()
    {
        Assert.SkipUnless(IsRoot, "only root can take another user on");
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 1);
        File.SetUnixFileMode(Path.GetDirectoryName(cargo)!, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(cargo, (UnixFileMode)0b110_000_000);
        var ended = await Programs.RunAsync(
            Programs.Server, "textbook", "127.0.0.1", "0", "1", "--file", cargo, "--user", $"{User}", "--group", $"{Group}");
        Assert.True(ended.Code == 8, ended.Error);
        Assert.Contains("EACCES", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_and_groups_are_found_by_name_and_by_number()
    {
        Assert.Equal(new UserEntry("root", 0, 0), Libc.FindUser("root").User);
        Assert.Equal(new UserEntry("root", 0, 0), Libc.FindUser(0).User);
        Assert.Equal(0u, Libc.FindGroup("root").Group);
        Assert.Equal((null, Errno.None), Libc.FindUser("no-such-user-here"));
        Assert.Contains(0u, Libc.GroupsOf("root", 0));
    }
}
