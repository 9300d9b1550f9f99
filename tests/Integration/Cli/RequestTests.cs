using System.Diagnostics;
using System.Text.Json;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Cli;

/// <summary>Requests about what lies at a server, as people and scripts make them.</summary>
public sealed class RequestTests(Yard yard) : IClassFixture<Yard>
{
    [Fact]
    public async Task Listings_patterns_and_links()
    {
        var root = yard.Serve("list");
        Directory.CreateDirectory(Path.Combine(root, "b", "deep"));
        Directory.CreateDirectory(Path.Combine(root, ".hidden"));
        foreach (var name in (string[])["a.txt", "b/c.txt", "b/deep/d.txt", "b/e.bin", ".hidden/f.txt", "*.txt"])
            File.WriteAllText(Path.Combine(root, name), name);
        File.CreateSymbolicLink(Path.Combine(root, "link"), "a.txt");
        Assert.Equal("*.txt\n.hidden/\na.txt\nb/\nlink\n", await yard.DoneAsync("ls", ":list"));
        Assert.Equal("c.txt\ndeep/\ndeep/d.txt\ne.bin\n", await yard.DoneAsync("ls", "-r", ":list/b"));
        Assert.Equal("a.txt\n", await yard.DoneAsync("ls", ":list/a.txt"));
        Assert.Equal("*.txt\na.txt\n", await yard.DoneAsync("ls", ":list/*.txt"));
        Assert.Equal("*.txt\n", await yard.DoneAsync("ls", ":list/%2A.txt", "--quiet", "--json") is var json ? Name(json) : "");
        Assert.Equal("*.txt\na.txt\nb/c.txt\nb/deep/d.txt\n", await yard.DoneAsync("ls", ":list/**/*.txt"));
        Assert.Equal("list/b/c.txt\nlist/b/e.bin\n", await yard.DoneAsync("ls", ":l?st/[a-c]/?.*"));
        var lines = (await yard.DoneAsync("ls", "-l", ":list")).Split('\n');
        Assert.Matches(@"^-rw[-rwx]{7} +5  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  a\.txt$", lines[2]);
        Assert.EndsWith("link -> a.txt", lines[4], StringComparison.Ordinal);
        await yard.FailsAsync(18, "nothing at the server matches", "ls", ":list/*.none");
        await yard.FailsAsync(18, "list/none", "ls", ":list/none");

        static string Name(string json) => JsonElement.Parse(json).GetProperty("path").GetString()!["list/".Length..] + "\n";
    }

    [Fact]
    public async Task Facts_of_several_things_of_which_one_is_not_there()
    {
        var root = yard.Serve("facts");
        var file = Path.Combine(root, "line\nbreak");
        File.WriteAllText(file, "12345");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.SetGroup | UnixFileMode.GroupExecute);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var end = await yard.RunAsync("stat", ":facts/line%0Abreak", ":facts/none", ":facts", "--json");
        Assert.Equal(22, end.Code);
        var lines = end.Output.TrimEnd().Split('\n').Select(static line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal("facts/line\nbreak", lines[0].GetProperty("path").GetString());
        Assert.Equal(yard["facts/line%0Abreak"], lines[0].GetProperty("url").GetString());
        Assert.Equal("2001-02-03T04:05:06.0000000Z", lines[0].GetProperty("modified").GetString());
        Assert.Equal(0x588, lines[0].GetProperty("mode").GetInt32());
        Assert.Equal("not-found", lines[1].GetProperty("reason").GetString());
        Assert.Equal(18, lines[1].GetProperty("exit").GetInt32());
        Assert.Equal("directory", lines[2].GetProperty("kind").GetString());
        Assert.Contains("\nmode      2610 (-rw---s---)\n", await yard.DoneAsync("stat", ":facts/line%0Abreak"), StringComparison.Ordinal);
        Assert.Equal("", await yard.DoneAsync("stat", ":facts", "-q"));
    }

    [Fact]
    public async Task Digests_that_md5sum_checks()
    {
        var root = yard.Serve("sums");
        Directory.CreateDirectory(Path.Combine(root, "d"));
        foreach (var name in (string[])["a", "back\\slash", "d/new\nline"])
            File.WriteAllText(Path.Combine(root, name), name);
        var sums = await yard.DoneAsync("hash", "-a", "md5", ":sums/**");
        Assert.StartsWith("0cc175b9c0f1b6a831c399e269772661  a\n", sums, StringComparison.Ordinal);
        var list = Path.Combine(yard.Local(), "SUMS");
        File.WriteAllText(list, sums);
        using var check = Process.Start(new ProcessStartInfo("md5sum", ["--strict", "-c", list]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var end = await Programs.EndOfAsync(check);
        Assert.True(end.Code == 0, end.Error + end.Output);
        Assert.Equal(3, end.Output.Count(static c => c == '\n'));
        var digest = JsonElement.Parse(await yard.DoneAsync("hash", "--hash", "sha256", ":sums/a", "--json")).GetProperty("digest").GetString();
        Assert.Equal("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", digest);
        await yard.FailsAsync(26, "sums/d", "hash", ":sums/d");
    }

    [Fact]
    public async Task Making_moving_and_removing()
    {
        var root = yard.Serve("change");
        await yard.DoneAsync("mkdir", "-n", ":change/d");
        Assert.Empty(Directory.EnumerateFileSystemEntries(root));
        await yard.DoneAsync("mkdir", "-p", ":change/d/e", ":change/d");
        await yard.FailsAsync(25, "change/d", "mkdir", ":change/d");
        File.WriteAllText(Path.Combine(root, "a"), "a");
        File.WriteAllText(Path.Combine(root, "b"), "b");
        await yard.FailsAsync(25, "change/", "mv", "--no-clobber", ":change/a", ":change/b");
        Assert.Equal("would mv change/a -> change/d/a\n", await yard.DoneAsync("mv", "-n", ":change/a", ":change/d"));
        var moved = await yard.DoneAsync("mv", ":change/[ab]", ":change/d/e", "--json");
        Assert.Equal(yard["change/d/e/a"], JsonElement.Parse(moved.Split('\n')[0]).GetProperty("to").GetString());
        Assert.Equal("a", File.ReadAllText(Path.Combine(root, "d/e/a")));
        await yard.DoneAsync("mv", ":change/d/e/a", ":change/d/c");
        await yard.FailsAsync(25, "change/d", "rm", ":change/d");
        Assert.Equal("would rm change/d/e/b\nwould rm change/d/e\nwould rm change/d/c\nwould rm change/d\n", await yard.DoneAsync("rm", "-rn", ":change/d"));
        var identity = JsonElement.Parse(await yard.DoneAsync("stat", "--json", ":change/d/c")).GetProperty("identity").GetString()!;
        await yard.FailsAsync(20, "change/d/c", "rm", ":change/d/c", "--if-identity", "00");
        await yard.DoneAsync("rm", ":change/d/c", "--if-identity", identity);
        await yard.DoneAsync("rm", "-r", ":change/d/**", ":change/d");
        Assert.Empty(Directory.EnumerateFileSystemEntries(root));
        await yard.FailsAsync(18, "change/d", "rm", ":change/d");
    }

    [Fact]
    public async Task Whether_a_server_is_there()
    {
        Assert.Matches(@"^(train://127\.0\.0\.1:\d+ answers in [\d.]+ ms\n){2}$", await yard.DoneAsync("ping", "-c", "2", "--interval", "10ms", ":"));
        var end = await yard.RunAsync("ping", "train://127.0.0.1:1");
        Assert.Equal(3, end.Code);
        Assert.Contains("127.0.0.1:1", end.Error, StringComparison.Ordinal);
        Assert.Equal(1, JsonElement.Parse(await yard.DoneAsync("status", ":", "--json")).GetProperty("workers").GetInt64());
    }

    [Fact]
    public async Task A_server_on_a_Unix_socket()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["name"], "x");
        var socket = directory["s"];
        var process = Programs.Start(Programs.Server, "serve", directory.Path, "--listen", $"unix:{socket}", "--processes", "1", "--control", "none");
        try
        {
            Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            var listed = await Programs.RunAsync(Programs.Client, "ls", $"train+unix://{socket}?path=/n*");
            Assert.Equal(new Finished(0, "name\n", ""), listed);
        }
        finally
        {
            RunningServer.Kill(process.Id, Shell.Linux.Signal.Terminate);
            Assert.Equal(0, (await Programs.EndOfAsync(process)).Code);
            process.Dispose();
        }
    }
}
