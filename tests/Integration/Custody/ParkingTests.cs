using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Sessions that ask for nothing: they take no slot, and are there when they ask again.</summary>
public sealed class ParkingTests
{
    private static readonly int Idle = LongRun.Or(9_000, 500);

    [Fact]
    public async Task Many_times_more_than_slots_are_served_and_none_is_forgotten()
    {
        using var directory = new TemporaryDirectory();
        Cargo.Create(directory, "cargo", 50_000);
        await using var server = await Served.StartAsync(
            directory.Path, "--processes", "2", "--slots", "2", "--idle", "none", "--backlog", "20000", "--max-wait", "none", "--per-address", "none");
        await server.WaitForWorkersAsync(2);
        using (RawSession.Open(server.Port))
            Assert.True(server.Status().ValueKind == System.Text.Json.JsonValueKind.Object);
        await Until.HoldsAsync(() => Count(server, "held") == 0, "the first one has ended");
        var before = server.Open().Count;
        var sessions = new List<RawSession>();
        try
        {
            // At once: where somebody waits for a slot, one that is idle gives its own away in its next turn.
            for (var i = 0; i < Idle; i++)
            {
                sessions.Add(RawSession.Connect(server.Port));
                sessions[i].Say(RawSession.Hello);
            }
            Assert.All(sessions, static session => Assert.IsType<Message.ServerHello>(session.Read()));
            await Until.HoldsAsync(() => Count(server, "parked") == Idle, () => $"all are parked: {server.Status()}");
            // One more is served although all slots would be taken many times over.
            using (var good = RawSession.Open(server.Port))
            {
                good.Say(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
                Assert.IsType<Message.Meta>(good.Read());
                Assert.Equal(50_000, ((byte[])good.Read()!).Length);
                Assert.IsType<Message.Fin>(good.Read());
            }
            Parallel.ForEach(
                sessions, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, static session => Ping(session));
            await Until.HoldsAsync(() => Count(server, "parked") == Idle, "all are parked again");
            // A worker that dies now has none of them.
            foreach (var (pid, _) in server.Workers())
                RunningServer.Kill(pid, Shell.Linux.Signal.Kill);
            Ping(sessions[Idle / 2]);
        }
        finally
        {
            sessions.ForEach(static session => session.Dispose());
        }
        await Until.HoldsAsync(() => Count(server, "held") == 0, "who has closed is released");
        await server.WaitForWorkersAsync(2);
        await Until.HoldsAsync(() => server.Open().Count <= before, () => $"{server.Open().Count} descriptors are open, {before} were");
        await server.HasServedAsync(Idle + 2);
    }

    [Fact]
    public async Task At_its_time_it_is_told_so()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await Served.StartAsync(directory.Path, "--processes", "1", "--idle", "2s");
        var sessions = Enumerable.Range(0, 30).Select(_ => RawSession.Open(server.Port)).ToList();
        await Until.HoldsAsync(() => Count(server, "parked") == 30, "all are parked");
        foreach (var session in sessions)
        {
            Assert.Equal(ErrorCode.Timeout, session.ReadFailure().Code);
            Assert.True(session.ReadToEnd());
            session.Dispose();
        }
        await server.HasServedAsync(30);
    }

    [Fact]
    public async Task It_outlives_its_server()
    {
        using var directory = new TemporaryDirectory();
        await using var chain = await ServiceChain.StartAsync(
            directory.Path, Programs.Server, ["serve", directory.Path, "--listen", "127.0.0.1:0", "--control", "none", "--processes", "1", "--idle", "none"]);
        var sessions = Enumerable.Range(0, 100).Select(_ => RawSession.Open(chain.Port)).ToList();
        var master = chain.FirstPid;
        for (var i = 0; i < 2; i++)
        {
            var successor = await chain.UpgradeAsync(master);
            await chain.Until(() => chain.Masters() is [var left] && left == successor, "the old server stays");
            master = successor;
            if (i == 0)
                sessions.ForEach(Ping);
        }
        sessions.ForEach(Ping);
        sessions.ForEach(static session => session.Dispose());
        Assert.DoesNotContain(" closed: ", await chain.EndAsync(), StringComparison.Ordinal);
    }

    private static long Count(RunningServer server, string name) => server.Status().GetProperty("counts").GetProperty(name).GetInt64();

    private static void Ping(RawSession session)
    {
        session.Say(new Message.Ping(new("are you there"u8)));
        Assert.Equal(new Message.PingAnswer(new("are you there"u8)), session.Read());
    }
}
