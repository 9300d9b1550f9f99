using System.Net.Sockets;
using System.Text;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Requests that are answered while workers die: each once, in order, and what changes something is done once or said to be unknown.</summary>
public sealed class RequestTests
{
    private static readonly int Kills = LongRun.Or(100, 8);

    [Fact]
    public async Task Many_that_were_sent_ahead_have_one_answer_each_in_order()
    {
        var count = LongRun.Or(200_000, 20_000);
        using var directory = new TemporaryDirectory();
        for (var i = 0; i < 10; i++)
            await File.WriteAllTextAsync(directory[$"f{i}"], string.Create(i * 200, i, static (text, i) => text.Fill((char)('0' + i))), TestContext.Current.CancellationToken);
        await using var server = await Served.StartAsync(directory.Path, "--processes", "3");
        using var hunt = new Hunt(server, count * 700L, Kills);
        using (var session = RawSession.Open(hunt.Port))
        {
            var asking = Task.Run(
                () =>
                {
                    foreach (var batch in Enumerable.Range(0, count).Chunk(50))
                        session.Say(batch.Select(Request));
                }, TestContext.Current.CancellationToken);
            for (var i = 0; i < count; i++)
                Check(session.Read(), session, i);
            await asking;
            Assert.True(hunt.Kills >= Kills / 2, $"{hunt.Kills} kills");
        }
        await server.HasServedAsync(clients: 1);
    }

    [Fact]
    public async Task Who_says_at_once_all_that_he_has_to_say_is_answered_to_the_end()
    {
        var count = LongRun.Or(20_000, 1000);
        using var directory = new TemporaryDirectory();
        var cargo = await File.ReadAllBytesAsync(Cargo.Create(directory, "cargo", 4096), TestContext.Current.CancellationToken);
        await using var server = await Served.StartAsync(directory.Path, "--processes", "3");
        using var hunt = new Hunt(server, count * 4000L, Kills);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, (_, _) =>
        {
            using var session = RawSession.Connect(hunt.Port);
            session.Say(RawSession.Hello, new Message.Get(RawSession.PathOf("cargo"), default, default, null));
            session.Socket.Shutdown(SocketShutdown.Send);
            Assert.IsType<Message.ServerHello>(session.Read());
            Assert.IsType<Message.Meta>(session.Read());
            Assert.Equal(cargo, (byte[])session.Read()!);
            Assert.IsType<Message.Fin>(session.Read());
            Assert.Null(session.Read());
            return ValueTask.CompletedTask;
        });
        Assert.True(hunt.Kills >= Kills / 2, $"{hunt.Kills} kills");
        await hunt.IsOverAsync();
        await server.HasServedAsync(clients: count);
    }

    [Fact]
    public async Task A_change_is_made_once_or_nobody_knows()
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        for (var i = 0; i < 40; i++)
            await File.WriteAllTextAsync(Path.Combine(root, $"old{i}"), $"{i}", TestContext.Current.CancellationToken);
        await using var server = await Served.StartAsync(root, "--processes", "2");
        var unknown = 0;
        using (var session = RawSession.Open(server.Port))
        {
            for (var i = 0; i < 40; i++)
            {
                session.Say(
                    new Message.MakeDirectory(PathOf("d", i), null, Parents: false), new Message.Move(PathOf("old", i), PathOf("new", i), NoClobber: true, default),
                    new Message.Remove(PathOf("new", i), default), new Message.MakeLink(PathOf("link", i), new("x"u8), null, NoClobber: true));
                if (i % 4 == 0)
                    await KillAllAsync(server);
                // One that is done twice would find that there is one already, or none any more.
                foreach (var kind in (TrainKind[])[TrainKind.MakeDirectory, TrainKind.Move, TrainKind.Remove, TrainKind.MakeLink])
                    switch (session.Read())
                    {
                        case Message.DoneAnswer(var done):
                            Assert.Equal(kind, done);
                            Assert.True(IsDone(root, kind, i), $"{kind} {i} was not done");
                            break;
                        case Message.Error({ Code: ErrorCode.Interrupted, IsRetryable: true }):
                            unknown++;
                            break;
                        // It is said of the move that nobody knows, and it was not made.
                        case Message.Error({ Code: ErrorCode.NotFound }) when kind == TrainKind.Remove && unknown > 0 && File.Exists(Path.Combine(root, $"old{i}")):
                            break;
                        case var other:
                            Assert.Fail($"{kind} {i}: {other}");
                            break;
                    }
            }
            session.Say(new Message.Ping(new("still there"u8)));
            Assert.Equal(new Message.PingAnswer(new("still there"u8)), session.Read());
        }
        Assert.InRange(unknown, 0, 10);
        await server.HasServedAsync(clients: 1);
    }

    private static async Task KillAllAsync(RunningServer server)
    {
        await Until.HoldsAsync(() => server.Workers().Count > 0, "there are workers");
        foreach (var (pid, _) in server.Workers())
            RunningServer.Kill(pid, Shell.Linux.Signal.Kill);
    }

    private static bool IsDone(string root, TrainKind kind, int i) =>
        kind switch
        {
            TrainKind.MakeDirectory => Directory.Exists(Path.Combine(root, $"d{i}")),
            TrainKind.Move => !File.Exists(Path.Combine(root, $"old{i}")),
            TrainKind.Remove => !File.Exists(Path.Combine(root, $"new{i}")),
            _ => new FileInfo(Path.Combine(root, $"link{i}")).LinkTarget == "x",
        };

    private static RemotePath PathOf(string name, int i) => RawSession.PathOf($"{name}{i}");

    private static Message Request(int i) =>
        (i % 13) switch
        {
            10 => new Message.Ping(new(Encoding.ASCII.GetBytes($"{i}"))),
            11 => new Message.Stat(RawSession.PathOf("f3")),
            12 => new Message.Get(RawSession.PathOf("none"), default, default, null),
            var file => new Message.Get(RawSession.PathOf($"f{file}"), default, default, null),
        };

    private static void Check(object? answer, RawSession session, int i)
    {
        switch (i % 13, answer)
        {
            case (10, Message.PingAnswer(var payload)):
                Assert.Equal(new(Encoding.ASCII.GetBytes($"{i}")), payload);
                break;
            case (11, Message.StatAnswer({ Size: 600 })):
            case (12, Message.Error({ Code: ErrorCode.NotFound })):
                break;
            case ( < 10 and var file, Message.Meta meta):
                Assert.Equal(file * 200, meta.Size);
                if (file > 0)
                    Assert.Equal(new string((char)('0' + file), file * 200), Encoding.ASCII.GetString((byte[])session.Read()!));
                Assert.IsType<Message.Fin>(session.Read());
                break;
            default:
                Assert.Fail($"the answer to request {i} is {answer}");
                break;
        }
    }
}
