using System.Text;
using System.Text.Json;
using Trainyard.Integration.Cli;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>Whatever lies in a tree is the same after it went to a server and came back.</summary>
public sealed class TreeRoundTripTests(Yard yard) : IClassFixture<Yard>
{
    // A second before 1970, one beyond 2038, and one of this century, none of them whole.
    private static readonly long[] Times = [-1_000_000_001, 4_000_000_000_123_456_789, 1_234_567_890_987_654_321];

    private static readonly int[] Modes = [0x1ED, 0x140, 0x1C0, 0x16D];

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task Many_small_files(string jobs)
    {
        using var tree = new Tree(Path.Combine(yard.Local(), "t"));
        var content = new byte[4096];
        var random = new Random(1);
        for (var i = 0; i < LongRun.Or(10_000, 300); i++)
        {
            random.NextBytes(content);
            if (i % 100 == 0)
                tree.Sub(Bytes($"d{i / 100}"));
            tree.File(Bytes($"d{i / 100}/f{i}"), content, 0x100 | (i % 0x200), Times[i % 3] + i);
        }
        await GoesRoundAsync(tree, "--jobs", jobs);
    }

    [Fact]
    public async Task Names_of_all_kinds()
    {
        using var tree = new Tree(Path.Combine(yard.Local(), "t"));
        byte[][] names =
        [
            Bytes(" "), Bytes("a b "), Bytes("line\nbreak\n"), Bytes("\t\r\x1b[31m\x07"), Bytes("-rf"), Bytes("--json"), Bytes("*"), Bytes("?[a-z]**"), Bytes("\\"),
            Bytes("%20%2f%"), Bytes("~"), Bytes("$(id)`id`"), Bytes("'\""), Bytes("..."), Bytes(".hidden"), Bytes("C:"), Bytes("train:"), Bytes("\u202e\ufeff"),
            [0xff], [0xc3, 0x28, 0xed, 0xa0, 0x80], [.. Enumerable.Range(1, 255).Select(static value => (byte)(value == '/' ? '_' : value))],
            [.. Enumerable.Repeat((byte)'x', 255)], [.. Enumerable.Repeat((byte)0xfe, 255)],
        ];
        foreach (var (i, name) in names.Index())
        {
            tree.File(name, name, modifiedNs: Times[i % 3]);
            tree.Sub([.. Bytes($"{i}")]);
            byte[] sub = [.. Bytes($"{i}/"), .. name];
            tree.Sub(sub);
            tree.File([.. sub, (byte)'/', .. name], name);
            tree.Link([.. sub, .. Bytes("/ "), .. name[..Math.Min(name.Length, 254)]], name, Times[i % 3]);
        }
        await GoesRoundAsync(tree);
    }

    [Fact]
    public async Task Deep_and_wide_with_links_and_empty_directories()
    {
        using var tree = new Tree(Path.Combine(yard.Local(), "t"));
        var path = new StringBuilder("deep");
        for (var level = 0; level < 100; level++)
        {
            tree.Sub(Bytes($"{path}"));
            path.Append("/d");
        }
        tree.File(Bytes($"{path}"), "bottom"u8);
        tree.Sub("wide"u8);
        for (var i = 0; i < LongRun.Or(20_000, 2000); i++)
            tree.File(Bytes($"wide/{i}"), default);
        foreach (var (i, mode) in Modes.Index())
        {
            tree.Sub(Bytes($"empty{i}"));
            tree.Sub(Bytes($"full{i}"));
            tree.File(Bytes($"full{i}/f"), "f"u8, mode);
            tree.Settle(Bytes($"empty{i}"), mode, Times[i % 3]);
            tree.Settle(Bytes($"full{i}"), mode, Times[i % 3]);
        }
        tree.Link("good"u8, "wide/1"u8, Times[0]);
        tree.Link("broken"u8, "no/where"u8, Times[1]);
        tree.Link("out"u8, "/etc/passwd"u8, Times[2]);
        tree.Link("around"u8, "."u8, Times[0]);
        tree.Link("itself"u8, "itself"u8, Times[0]);
        tree.Link("long"u8, Bytes(new string('x', 255) + string.Concat(Enumerable.Repeat("/../y", 700))), Times[1]);
        await GoesRoundAsync(tree, "--jobs", "2");
    }

    [Fact]
    public async Task Modes_are_the_same_whatever_the_umask_is()
    {
        var name = Guid.NewGuid().ToString("N");
        using var tree = new Tree(Path.Combine(yard.Root, name));
        foreach (var sub in (string[])["one", "two"])
        {
            tree.Sub(Bytes(sub));
            for (var i = 0; i < 12; i++)
                tree.File(Bytes($"{sub}/{i}"), "content"u8, ((int[])[0x180, 0x180, 0x1A4, 0x1FF])[i % 4], Times[i % 3]);
        }
        tree.Settle("."u8, 0x1ED, Times[2]);
        var expected = await tree.SeenAsync();
        foreach (var umask in (string[])["000", "077", "277"])
        {
            var back = yard.Local();
            var end = await Programs.RunAsync("/bin/sh", "-c", $"umask {umask}; exec {Programs.Client} get -r {yard[name]} {back}");
            Assert.True(end.Code == 0, end.Error);
            using var returned = new Tree(Path.Combine(back, name));
            Assert.Equal(expected, await returned.SeenAsync());
        }
    }

    [Fact]
    public async Task A_directory_in_the_place_of_a_small_file_stays_and_is_told()
    {
        var name = Guid.NewGuid().ToString("N");
        using var tree = new Tree(Path.Combine(yard.Root, name));
        tree.File("f"u8, "content"u8);
        tree.File("g"u8, "content"u8);
        var back = yard.Local();
        Directory.CreateDirectory(Path.Combine(back, "here/f"));
        var end = await yard.RunAsync("get", "-r", $":{name}/", $"{back}/here");
        Assert.NotEqual(0, end.Code);
        Assert.Contains("here/f: this is a directory", end.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(back, "here/f")));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(back, "here/g"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_large_file_with_holes()
    {
        var size = LongRun.Or(5L << 30, 100L << 20);
        var local = yard.Local();
        using var tree = new Tree(Path.Combine(local, "t"));
        tree.File("sparse"u8, "beginning"u8);
        using (var file = File.OpenWrite(Path.Combine(local, "t/sparse")))
        {
            file.SetLength(size);
            foreach (var at in (long[])[size / 3, size - 5])
            {
                file.Position = at;
                file.Write("bytes"u8);
            }
        }
        await GoesRoundAsync(tree, "--jobs", "2");
    }

    private async Task GoesRoundAsync(Tree tree, params string[] options)
    {
        tree.Settle("."u8, 0x1ED, Times[2]);
        var (name, back) = (Guid.NewGuid().ToString("N"), yard.Local());
        var expected = await tree.SeenAsync();
        await yard.DoneAsync(["put", "-r", $"{tree.Path}/", $":{name}", .. options]);
        using var served = new Tree(Path.Combine(yard.Root, name));
        Assert.Equal(expected, await served.SeenAsync());
        await yard.DoneAsync(["get", "-r", $":{name}", back, .. options]);
        using var returned = new Tree(Path.Combine(back, name));
        Assert.Equal(expected, await returned.SeenAsync());

        // And once more: nothing has to move.
        var again = JsonElement.Parse(await yard.DoneAsync(["get", "-r", $":{name}", back, "--update", "--json", .. options]));
        Assert.Equal((0L, 0L), (again.GetProperty("files").GetInt64(), again.GetProperty("bytes").GetInt64()));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
