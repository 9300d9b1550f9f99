using System.Text.Json;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Cli;

/// <summary>What <c>trainyard put</c> sends, where it goes and what is said about it.</summary>
public sealed class PutTests(Yard yard) : IClassFixture<Yard>
{
    [Fact]
    public async Task One_file_to_a_name_and_into_directories()
    {
        var (root, local) = (yard.Serve("one"), yard.Local());
        var file = Path.Combine(local, "a b");
        File.WriteAllText(file, "content");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.EndsWith($"  {yard["one/named"]}\n", await yard.DoneAsync("put", file, ":one/named"), StringComparison.Ordinal);
        await yard.DoneAsync("put", file, ":one", "-q");
        await yard.DoneAsync("put", file, ":one/new/");
        foreach (var name in (string[])["named", "a b", "new/a b"])
        {
            var info = new FileInfo(Path.Combine(root, name));
            Assert.Equal("content", File.ReadAllText(info.FullName));
            Assert.Equal(new FileInfo(file).LastWriteTimeUtc, info.LastWriteTimeUtc);
            Assert.Equal(File.GetUnixFileMode(file), info.UnixFileMode);
        }
    }

    [Fact]
    public async Task Standard_input_becomes_a_file()
    {
        var root = yard.Serve("input");
        using (var process = Programs.Start(Programs.Client, yard.Expand("put", "-", ":input/file")))
        {
            await process.StandardInput.WriteAsync("from a pipe");
            process.StandardInput.Close();
            var end = await Programs.EndOfAsync(process);
            Assert.True(end.Code == 0, end.Error);
        }
        Assert.Equal("from a pipe", File.ReadAllText(Path.Combine(root, "file")));
        await yard.FailsAsync(2, "standard input has no name", "put", "-", ":input/");
    }

    [Fact]
    public async Task What_is_there_is_kept_updated_or_guarded()
    {
        var (root, local) = (yard.Serve("there"), yard.Local());
        var file = Path.Combine(local, "a");
        File.WriteAllText(file, "mine");
        File.WriteAllText(Path.Combine(root, "a"), "theirs");
        await yard.FailsAsync(25, "there/a", "put", file, ":there/a", "--no-clobber");
        await yard.FailsAsync(20, "there/a", "put", file, ":there/a", "--if-identity", "00");
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(root, "a")));
        Assert.Equal($"would put {file} -> {yard["there/a"]} (4 B)\n", await yard.DoneAsync("put", "-n", file, ":there"));
        var identity = JsonElement.Parse(await yard.DoneAsync("stat", "--json", ":there/a")).GetProperty("identity").GetString()!;
        await yard.DoneAsync("put", file, ":there/a", "--if-identity", identity);
        var again = JsonElement.Parse(await yard.DoneAsync("put", file, ":there/a", "--update", "--json"));
        Assert.True(again.GetProperty("kept").GetBoolean());
        Assert.Equal(0, again.GetProperty("moved").GetInt64());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(root, "a")));
        await yard.FailsAsync(8, "is not there", "put", Path.Combine(local, "none"), ":there/");
        await yard.FailsAsync(18, "none", "put", file, ":there/none/a");
        await yard.FailsAsync(26, "use -r", "put", local, ":there/");
    }

    [Fact]
    public async Task Trees_go_under_their_name_or_pour_out_their_content()
    {
        var (root, local) = (yard.Serve("tree"), yard.Local());
        var tree = Directory.CreateDirectory(Path.Combine(local, "d")).FullName;
        Directory.CreateDirectory(Path.Combine(tree, "empty"));
        File.WriteAllText(Path.Combine(tree, "f"), "f");
        File.CreateSymbolicLink(Path.Combine(tree, "l"), "f");
        await yard.DoneAsync("put", "-r", tree, ":tree");
        await yard.DoneAsync("put", "-r", tree, ":tree/new/deep");
        await yard.DoneAsync("put", "-r", tree + "/", ":tree/copy");
        foreach (var copy in (string[])["d", "new/deep/d", "copy"])
        {
            Assert.Equal("f", File.ReadAllText(Path.Combine(root, copy, "f")));
            Assert.Equal("f", new FileInfo(Path.Combine(root, copy, "l")).LinkTarget);
            Assert.True(Directory.Exists(Path.Combine(root, copy, "empty")));
        }
        var again = JsonElement.Parse(await yard.DoneAsync("put", "-r", tree, ":tree", "--update", "--json"));
        Assert.Equal(0, again.GetProperty("files").GetInt64());
        Assert.Equal(1, again.GetProperty("skipped").GetInt64());
    }

    [Fact]
    public async Task Interrupted_it_says_how_to_go_on_and_goes_on()
    {
        var root = yard.Serve("big");
        using var directory = new TemporaryDirectory();
        var file = Cargo.Create(directory, "file", 48 << 20);
        using (var process = Programs.Start(Programs.Client, yard.Expand("put", file, ":big/file", "--limit", "24M")))
        {
            await Until.HoldsAsync(() => GetTests.ProvenSomething(root), "a block of the file is there");
            RunningServer.Kill(process.Id, Signal.Interrupt);
            var end = await Programs.EndOfAsync(process);
            Assert.Equal(130, end.Code);
            Assert.Contains("the same command resumes", end.Error, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Path.Combine(root, "file")));
        var result = JsonElement.Parse(await yard.DoneAsync("put", file, ":big/file", "--json"));
        Assert.True(result.GetProperty("resumed").GetInt64() > 0, result.ToString());
        Assert.True(Cargo.Same(file, Path.Combine(root, "file")));
        Assert.Single(Cargo.Everything(root));
    }
}
