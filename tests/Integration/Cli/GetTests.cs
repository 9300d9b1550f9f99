using System.Text.Json;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Cli;

/// <summary>What <c>trainyard get</c> brings, where it puts it and what it says.</summary>
public sealed class GetTests(Yard yard) : IClassFixture<Yard>
{
    [Fact]
    public async Task One_file_into_a_directory_to_a_name_and_to_standard_output()
    {
        File.WriteAllText(Path.Combine(yard.Serve("one"), "a b"), "content");
        var local = yard.Local();
        var named = Path.Combine(local, "named");
        Assert.EndsWith($"  {local}/a b\n", await yard.DoneAsync("get", ":one/a%20b", local), StringComparison.Ordinal);
        await yard.DoneAsync("get", ":one/a%20b", named, "-q");
        await yard.DoneAsync("get", ":one/a%20b", "-o", Path.Combine(local, "new/"));
        Assert.Equal("contentcontent", await yard.DoneAsync("get", ":one/a%20b", ":one/a%20b", "-"));
        Assert.Equal(
            [named, Path.Combine(local, "a b"), Path.Combine(local, "new/a b")],
            Cargo.Everything(local).Where(File.Exists).OrderByDescending(static path => Path.GetFileName(path)).ThenBy(static path => path.Length));
        Assert.All(Cargo.Everything(local).Where(File.Exists), static file => Assert.Equal("content", File.ReadAllText(file)));
    }

    [Fact]
    public async Task Several_of_which_one_is_not_there_and_one_is_a_directory()
    {
        var root = yard.Serve("several");
        Directory.CreateDirectory(Path.Combine(root, "dir"));
        foreach (var name in (string[])["a.txt", "b.txt", "c.bin"])
            File.WriteAllText(Path.Combine(root, name), name);
        var local = yard.Local();
        var end = await yard.RunAsync("get", ":several/*.txt", ":several/none", ":several/dir", local, "--json", "--jobs", "3");
        Assert.Equal(22, end.Code);
        var lines = end.Output.TrimEnd().Split('\n').Select(static line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(["error", "error", "file", "file"], lines.Select(static line => line.GetProperty("type").GetString()).Order());
        Assert.Equal(["not-found", "wrong-kind"], Reasons(lines));
        Assert.Equal(["a.txt", "b.txt"], Cargo.Everything(local).Select(Path.GetFileName).Order());
        await yard.FailsAsync(18, "several/none", "get", ":several/none", local);
        await yard.FailsAsync(26, "several/dir", "get", ":several/dir", Path.Combine(local, "x"));
        await yard.FailsAsync(2, "two of the sources", "get", ":several/a.txt", ":several/a.txt", local);
        await yard.FailsAsync(8, "/nowhere", "get", ":several/a.txt", "/nowhere/at/all");
    }

    [Fact]
    public async Task What_is_there_is_kept_updated_or_replaced()
    {
        var root = yard.Serve("there");
        File.WriteAllText(Path.Combine(root, "a"), "remote a");
        File.WriteAllText(Path.Combine(root, "b"), "remote b");
        var local = yard.Local();
        var a = Path.Combine(local, "a");
        File.WriteAllText(a, "local");
        await yard.FailsAsync(25, a, "get", ":there/a", local, "--no-clobber");
        await yard.DoneAsync("get", ":there/*", local, "--no-clobber");
        Assert.Equal("local", File.ReadAllText(a));
        Assert.Equal("remote b", File.ReadAllText(Path.Combine(local, "b")));
        var lines = (await yard.DoneAsync("get", ":there/*", local, "--update", "--json")).TrimEnd().Split('\n').Select(static line => JsonElement.Parse(line));
        Assert.Equal(["a False", "b True"], lines.Select(static line =>
            $"{line.GetProperty("source").GetString()![^1..]} {line.TryGetProperty("kept", out _)}").Order());
        Assert.Equal("remote a", File.ReadAllText(a));
        await yard.FailsAsync(20, "there/a", "get", ":there/a", local, "--if-identity", "0011");
    }

    [Fact]
    public async Task Trees_go_into_a_directory_or_pour_out_their_content()
    {
        var root = yard.Serve("tree");
        Directory.CreateDirectory(Path.Combine(root, "d", "empty"));
        File.WriteAllText(Path.Combine(root, "d", "f"), "f");
        File.CreateSymbolicLink(Path.Combine(root, "d", "l"), "f");
        var local = yard.Local();
        await yard.DoneAsync("get", "-r", ":tree/d", local);
        await yard.DoneAsync("get", "-r", ":tree/d", Path.Combine(local, "new"));
        await yard.DoneAsync("get", "-r", ":tree/d/", Path.Combine(local, "copy"), "--jobs", "2");
        foreach (var copy in (string[])["d", "new/d", "copy"])
        {
            Assert.Equal("f", File.ReadAllText(Path.Combine(local, copy, "f")));
            Assert.Equal("f", new FileInfo(Path.Combine(local, copy, "l")).LinkTarget);
            Assert.True(Directory.Exists(Path.Combine(local, copy, "empty")));
        }
        Assert.Equal(
            [$"{yard["tree/d/empty"]} -> {local}/x/d/empty (0 B)", $"{yard["tree/d/f"]} -> {local}/x/d/f (1 B)", $"{yard["tree/d/l"]} -> {local}/x/d/l (0 B)"],
            (await yard.DoneAsync("get", "-rn", ":tree/d", Path.Combine(local, "x"))).TrimEnd().Split('\n').Select(static line => line["would get ".Length..]));
        Assert.False(Directory.Exists(Path.Combine(local, "x")));
    }

    [Fact]
    public async Task Interrupted_it_says_how_to_go_on_and_goes_on()
    {
        var file = Path.Combine(yard.Serve("big"), "file");
        using (var directory = new TemporaryDirectory())
            File.Move(Cargo.Create(directory, "file", 48 << 20), file);
        var local = yard.Local();
        using (var process = Programs.Start(Programs.Client, yard.Expand("get", ":big/file", local, "--limit", "6M")))
        {
            // A break loses nothing but the block that was under way.
            await Until.HoldsAsync(() => ProvenSomething(local), "a block of the file is there");
            RunningServer.Kill(process.Id, Signal.Interrupt);
            var end = await Programs.EndOfAsync(process);
            Assert.Equal(130, end.Code);
            Assert.Contains("the same command resumes", end.Error, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Path.Combine(local, "file")));
        var result = JsonElement.Parse(await yard.DoneAsync("get", ":big/file", local, "--json"));
        Assert.True(result.GetProperty("resumed").GetInt64() > 0, result.ToString());
        Assert.True(Cargo.Same(file, Path.Combine(local, "file")));
        Assert.Single(Cargo.Everything(local));
    }

    // The map of the file on its way grows by a record for each block that is there. Not opened: that would lock it against its owner.
    internal static bool ProvenSomething(string directory) =>
        Directory.EnumerateFiles(directory, "*.map").Any(static map => new FileInfo(map) is { Exists: true, Length: > ResumeMapCodec.HeaderLength });

    private static IEnumerable<string?> Reasons(IEnumerable<JsonElement> lines) =>
        lines.Where(static line => line.GetProperty("type").GetString() == "error").Select(static line => line.GetProperty("reason").GetString()).Order();
}
