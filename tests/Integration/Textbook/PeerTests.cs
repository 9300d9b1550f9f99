using System.Diagnostics;
using System.Globalization;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>A peer that shares no code with us, slicing the stream at random, on either side.</summary>
public sealed class PeerTests
{
    [Theory]
    [InlineData("trains")]
    [InlineData("sized")]
    [InlineData("whole")]
    public async Task The_peer_reads_from_our_server(string dialect)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 300_001);
        foreach (var send in (string[])["copy", "mmap", "sendfile", "splice"])
        {
            await using var server = await RunningServer.StartAsync(1, dialect, cargo, "--send", send);
            for (var seed = 1; seed <= 3; seed++)
            {
                var fetched = await Programs.RunAsync(
                    Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", dialect, directory["got"], "--seed", $"{seed}", "--max-recv", "3000");
                Assert.True(fetched.Code == 0, $"{send}: {fetched.Error}");
                Assert.True(Cargo.Same(cargo, directory["got"]));
            }
        }
    }

    [Theory]
    [InlineData("trains")]
    [InlineData("sized")]
    [InlineData("whole")]
    public async Task Our_client_reads_from_the_peer(string dialect)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 200_001);
        foreach (var receive in (string[])["copy", "mmap", "splice"])
            for (var seed = 1; seed <= 3; seed++)
            {
                string[] varied = seed == 3 ? ["--vary-trains"] : [];
                using var peer = Programs.Start(Programs.Peer, ["serve", dialect, cargo, "--once", "--seed", $"{seed}", "--slice", "4000", .. varied]);
                var target = directory.Sub($"{receive}{seed}");
                var fetched = await FetchAsync(peer, dialect, target, "--receive", receive);
                Assert.True(fetched.Code == 0, $"{receive}: {fetched.Error}");
                Assert.True(Cargo.Same(cargo, Path.Combine(target, "cargo")));
                Assert.Equal(0, (await Programs.EndOfAsync(peer)).Code);
            }
    }

    [Fact]
    public async Task Echo_both_ways()
    {
        await using (var server = await RunningServer.StartAsync(2, "echo", null))
        {
            var echoed = await Programs.RunAsync(Programs.Peer, "echo", "127.0.0.1", $"{server.Port}", "1000003", "--seed", "5");
            Assert.True(echoed.Code == 0, echoed.Error);
            using var own = Programs.Start(Programs.Client, "textbook", "127.0.0.1", $"{server.Port}", "--dialect", "echo");
            await own.StandardInput.WriteAsync("all aboard\n");
            own.StandardInput.Close();
            Assert.Equal(new Finished(0, "all aboard\n", ""), await Programs.EndOfAsync(own));
        }
        using var peer = Programs.Start(Programs.Peer, "serve", "echo", "--once", "--slice", "100");
        var port = await PortOfAsync(peer);
        using var client = Programs.Start(Programs.Client, "textbook", "127.0.0.1", $"{port}", "--dialect", "echo");
        var text = new string('x', 100_000);
        await client.StandardInput.WriteAsync(text);
        client.StandardInput.Close();
        Assert.Equal(new Finished(0, text, ""), await Programs.EndOfAsync(client));
        Assert.Equal(0, (await Programs.EndOfAsync(peer)).Code);
    }

    public static TheoryData<string, string> BrokenStreams()
    {
        var cases = new TheoryData<string, string>();
        foreach (var line in CCompiler.Run(Programs.Peer, "misbehave", "--list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            cases.Add(line.Split(' ')[0], line.Split(' ')[1]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(BrokenStreams))]
    public async Task A_broken_stream_is_one_sentence_and_leaves_nothing(string misbehaviour, string dialect)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["x"], "outside");
        var before = Cargo.Everything(directory.Path);
        await Task.WhenAll(((string[])["copy", "mmap", "splice"]).Select(async receive =>
        {
            using var peer = Programs.Start(Programs.Peer, "misbehave", misbehaviour);
            var target = directory.Sub(receive);
            var fetched = await FetchAsync(peer, dialect, target, "--receive", receive, "--timeout", misbehaviour is "silent" or "stall" ? "1s" : "60s");
            var wanted = misbehaviour is "silent" or "stall" ? [7]
                : misbehaviour == "size-huge" ? [8, 9]
                : misbehaviour is "reset" or "nothing" || misbehaviour.StartsWith("truncated", StringComparison.Ordinal) ? [5]
                : (int[])[4, 5];
            Assert.True(wanted.Contains(fetched.Code), $"{receive}: exit code {fetched.Code}: {fetched.Error}");
            Assert.Equal("", fetched.Output);
            Assert.StartsWith("trainyard: ", fetched.Error, StringComparison.Ordinal);
            Assert.Equal(1, fetched.Error.Count(c => c == '\n'));
            Assert.Empty(Cargo.Everything(target));
            Directory.Delete(target);
            await Programs.EndOfAsync(peer);
        }));
        Assert.Equal(before, Cargo.Everything(directory.Path));
        Assert.Equal("outside", File.ReadAllText(directory["x"]));
    }

    private static async Task<Finished> FetchAsync(Process peer, string dialect, string target, params string[] more) =>
        await Programs.RunAsync(
            Programs.Client, ["textbook", "127.0.0.1", $"{await PortOfAsync(peer)}", "--dialect", dialect, "-o", target, .. more]);

    private static async Task<int> PortOfAsync(Process peer) =>
        int.Parse((await peer.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
}
