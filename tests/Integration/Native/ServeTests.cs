using System.Globalization;
using System.Text.RegularExpressions;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>The pool under the native protocol: shapes, refusals, drain, addresses.</summary>
public sealed class ServeTests
{
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 2, 8)]
    public async Task Every_shape_of_pool_serves(int processes, int threads, int slots)
    {
        using var directory = new TemporaryDirectory();
        var cargo = await File.ReadAllBytesAsync(Cargo.Create(directory, "cargo", 1_500_000), TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(
            directory.Path, "--processes", $"{processes}", "--threads", $"{threads}", "--slots", $"{slots}");
        await Parallel.ForEachAsync(Enumerable.Range(0, 12), TestContext.Current.CancellationToken, (_, _) =>
        {
            using var session = RawSession.Open(server.Port);
            session.Say(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
            Assert.IsType<Message.Meta>(session.Read());
            List<byte> got = [];
            while (session.Read() is byte[] piece)
                got.AddRange(piece);
            Assert.True(got.ToArray().AsSpan().SequenceEqual(cargo));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Who_finds_no_room_is_told_when_to_come_again()
    {
        using var directory = new TemporaryDirectory();
        using (var large = File.Create(directory["large"]))
            large.SetLength(64 << 20);
        await using var server = await RawSession.ServeAsync(
            directory.Path, "--processes", "1", "--slots", "1", "--max-wait", "300ms", "--per-address", "3");
        // A worker that is not up yet has no room either.
        RawSession? first = null;
        await Until.HoldsAsync(() => RawSession.TryOpen(server.Port, out first), "a worker serves");
        using var held = first!;
        // In the middle of an answer: an idle session would be parked, and take no slot.
        held.Say(new Message.Get(RawSession.PathOf("large"), default, default, null));
        Assert.IsType<Message.Meta>(held.Read());
        using var waits = RawSession.Connect(server.Port);
        waits.Say(RawSession.Hello);
        var failure = waits.ReadFailure();
        Assert.Equal((ErrorCode.Busy, true, 1000L), (failure.Code, failure.IsRetryable, failure.RetryAfter));
        Assert.True(waits.ReadToEnd());

        using var second = RawSession.Connect(server.Port);
        using var third = RawSession.Connect(server.Port);
        using var fourth = RawSession.Connect(server.Port);
        failure = fourth.ReadFailure();
        Assert.Equal((ErrorCode.Busy, true, 5000L), (failure.Code, failure.IsRetryable, failure.RetryAfter));
        Assert.IsType<byte[]>(held.Read());
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_clients_that_ask_for_nothing()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "2", "--idle", "none", "--drain", "none");
        var sessions = Enumerable.Range(0, 20).Select(_ => RawSession.Open(server.Port)).ToArray();
        RunningServer.Kill(server.Pid, Signal.Terminate);
        foreach (var session in sessions)
        {
            var failure = session.ReadFailure();
            // From its worker, or from the master where it was parked by then.
            Assert.True(failure is { Code: ErrorCode.Busy, RetryAfter: 0 or 200 }, $"{failure}");
            Assert.True(session.ReadToEnd());
            session.Dispose();
        }
        var (code, log) = await server.EndAsync();
        Assert.Equal(0, code);
        var told = Regex.Match(log, "drained: ([0-9]+) connections done, 0 handed on, ([0-9]+) refused, 0 cut");
        Assert.Equal(20, told.Groups.Values.Skip(1).Sum(static count => int.Parse(count.Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task It_listens_on_several_addresses_and_on_a_path()
    {
        using var directory = new TemporaryDirectory();
        var socket = directory["yard.sock"];
        Directory.CreateDirectory(directory["root"]);
        Cargo.Create(directory, "root/cargo", 1000);
        await using (var server = await RawSession.ServeAsync(directory["root"], "--listen", $"unix:{socket}", "--listen", "[::1]:0"))
        {
            var output = (await Programs.RunAsync(
                "python3", Programs.Source("tests/Integration/Peers/native_peer.py"), "unix", socket, "get", "cargo", directory["got"]));
            Assert.True(output.Code == 0, output.Output + output.Error);
            Assert.True(Cargo.Same(directory["root/cargo"], directory["got"]));
            using var session = RawSession.Open(server.Port);
        }
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task The_status_command_shows_its_transfers()
    {
        using var directory = new TemporaryDirectory();
        Cargo.Create(directory, "big", 50_000_000);
        await using var server = await RunningServer.StartProgramAsync(
            Programs.Server, "serve", directory.Path, "--listen", "127.0.0.1:0", "--processes", "1");
        using var session = RawSession.Open(server.Port);
        session.Say(new Message.Get(RawSession.PathOf("big"), default, default, null));
        Assert.IsType<Message.Meta>(session.Read());
        await Until.HoldsAsync(async () => (await server.StatusAsync()).GetRawText().Contains("big", StringComparison.Ordinal), "the file is shown");
        while (session.Read() is not Message.Fin)
            continue;
        await Until.HoldsAsync(async () => !(await server.StatusAsync()).GetRawText().Contains("big", StringComparison.Ordinal), "nothing moves any more");
    }

    [Theory]
    [InlineData("/nonexistent/directory", "no such file")]
    [InlineData("/dev/null", "not a directory")]
    public async Task What_cannot_be_served_is_said_in_a_sentence(string root, string why)
    {
        var finished = await Programs.RunAsync(Programs.Server, "serve", root, "--listen", "127.0.0.1:0", "--control", "none");
        Assert.NotEqual(0, finished.Code);
        Assert.Contains(why, finished.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
    }
}
