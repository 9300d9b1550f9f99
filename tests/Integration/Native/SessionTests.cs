using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>Sessions as a client sees them: order, limits, time.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_thousand_requests_sent_ahead_are_answered_in_order()
    {
        using var directory = new TemporaryDirectory();
        for (var i = 0; i < 10; i++)
            await File.WriteAllTextAsync(directory[$"f{i}"], $"content {i}", TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Open(server.Port);
        session.Say(Enumerable.Range(0, 1000).Select(static i =>
            (Message)(i % 11 == 10 ? new Message.Ping(new("p"u8)) : new Message.Get(RawSession.PathOf($"f{i % 11}"), default, default, null))));
        for (var i = 0; i < 1000; i++)
        {
            if (i % 11 == 10)
            {
                Assert.IsType<Message.PingAnswer>(session.Read());
                continue;
            }
            Assert.IsType<Message.Meta>(session.Read());
            Assert.Equal($"content {i % 11}", Encoding.UTF8.GetString((byte[])session.Read()!));
            Assert.IsType<Message.Fin>(session.Read());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3000)]
    public async Task Who_ends_his_stream_behind_his_requests_has_all_answers_and_then_the_end(int requests)
    {
        using var directory = new TemporaryDirectory();
        var content = Cargo.Create(directory, "cargo", 4096);
        var cargo = await File.ReadAllBytesAsync(content, TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Connect(server.Port);
        // So many that the answers do not fit into the kernel's queues before anything is read.
        var asking = Task.Run(
            () =>
            {
                session.Say([RawSession.Hello, .. Enumerable.Repeat<Message>(new Message.Get(RawSession.PathOf("cargo"), default, default, null), requests)]);
                session.Socket.Shutdown(SocketShutdown.Send);
            }, TestContext.Current.CancellationToken);
        Assert.IsType<Message.ServerHello>(session.Read());
        for (var i = 0; i < requests; i++)
        {
            Assert.IsType<Message.Meta>(session.Read());
            Assert.Equal(cargo, (byte[])session.Read()!);
            Assert.IsType<Message.Fin>(session.Read());
        }
        Assert.Null(session.Read());
        await asking;
    }

    [Fact]
    public async Task A_small_file_that_is_asked_for_all_the_time_is_what_it_was_changed_to()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["f"], "content 0", TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Open(server.Port);
        // What was changed a moment ago is read each time; what was not for seconds is kept.
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(2.5);)
            Assert.Equal("content 0", Get(session));
        using (var file = new FileStream(directory["f"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.Write("content 1"u8);
        Assert.Equal("content 1", Get(session));
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(2.5);)
            Assert.Equal("content 1", Get(session));
        await File.WriteAllTextAsync(directory["g"], "content 2", TestContext.Current.CancellationToken);
        File.Move(directory["g"], directory["f"], overwrite: true);
        Assert.Equal("content 2", Get(session));

        static string Get(RawSession session)
        {
            session.Say(new Message.Get(RawSession.PathOf("f"), default, default, null));
            Assert.IsType<Message.Meta>(session.Read());
            var content = Encoding.UTF8.GetString((byte[])session.Read()!);
            Assert.IsType<Message.Fin>(session.Read());
            return content;
        }
    }

    [Fact]
    public async Task What_is_found_out_once_for_many_who_wait_is_never_older_than_a_request()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["f"], "content 0", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(directory["g"], "content 1", TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1", "--slots", "32");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // A file that was not changed for two seconds, and is asked for by many at any moment.
        var crowd = Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                using var one = RawSession.Open(server.Port);
                while (!stop.IsCancellationRequested)
                    Get(one);
            },
            TestContext.Current.CancellationToken)).ToArray();
        using var session = RawSession.Open(server.Port);
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(2.5);)
            Assert.Equal("content 0", Get(session));

        // The last of these has seen that the one before it is done: they came together, and were not asked together.
        session.Say(
            new Message.Get(RawSession.PathOf("f"), default, default, null),
            new Message.Move(RawSession.PathOf("g"), RawSession.PathOf("f"), NoClobber: false, default),
            new Message.Get(RawSession.PathOf("f"), default, default, null));
        Assert.Equal("content 0", Content(session));
        Assert.IsType<Message.DoneAnswer>(session.Read());
        Assert.Equal("content 1", Content(session));

        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(2.5);)
            Assert.Equal("content 1", Get(session));
        // Nor is a session's own upload older than what it asks for behind it, whenever that gets its name.
        var data = new ArrayBufferWriter<byte>();
        Assert.Null(TrainCodec.Write(data, TrainKind.Data, "content 3"u8));
        session.Send(
        [
            .. RawSession.Train(new Message.Put(RawSession.PathOf("f"), 9, 42, 0x1a4, default, default, NoClobber: false, null, Eager: true)),
            .. data.WrittenSpan,
            .. RawSession.Train(new Message.Fin(9, ContentDigest.Of(HashAlgorithm.Xxh128, "content 3"u8))),
            .. RawSession.Train(new Message.Get(RawSession.PathOf("f"), default, default, null)),
        ]);
        Assert.IsType<Message.Go>(session.Read());
        Assert.IsType<Message.Committed>(session.Read());
        Assert.Equal("content 3", Content(session));
        await File.WriteAllTextAsync(directory["f"], "content 2", TestContext.Current.CancellationToken);
        Assert.Equal("content 2", Get(session));
        File.Delete(directory["f"]);
        await stop.CancelAsync();
        session.Say(new Message.Get(RawSession.PathOf("f"), default, default, null));
        Assert.Equal(ErrorCode.NotFound, session.ReadFailure().Code);
        foreach (var one in crowd)
            await one;

        static string? Get(RawSession session)
        {
            session.Say(new Message.Get(RawSession.PathOf("f"), default, default, null));
            return Content(session);
        }

        static string? Content(RawSession session)
        {
            if (session.Read() is Message.Error)
                return null;
            // Between the two steps with which a file is written anew it is empty.
            if (session.Read() is not byte[] content)
                return null;
            Assert.IsType<Message.Fin>(session.Read());
            return Encoding.UTF8.GetString(content);
        }
    }

    [Fact]
    public async Task Who_says_nothing_or_says_it_byte_by_byte_is_cut_in_time()
    {
        using var directory = new TemporaryDirectory();
        Cargo.Create(directory, "cargo", 100);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1", "--request-limit", "500ms", "--idle", "1s");

        using var silent = RawSession.Connect(server.Port);
        using var idle = RawSession.Open(server.Port);
        using var trickling = RawSession.Open(server.Port);
        var request = RawSession.Train(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
        trickling.Send(request.AsSpan(0, 3));

        Assert.Equal((ErrorCode.Timeout, "the hello took longer than 0.5 s"), Said(silent.ReadFailure()));
        Assert.Equal((ErrorCode.Timeout, "a request took longer than 0.5 s"), Said(trickling.ReadFailure()));
        // This one was parked meanwhile, and the master has only these words.
        Assert.Equal((ErrorCode.Timeout, "nothing came for too long"), Said(idle.ReadFailure()));
        Assert.True(silent.ReadToEnd() && trickling.ReadToEnd() && idle.ReadToEnd());
    }

    [Fact]
    public async Task Thousands_that_begin_and_never_finish_do_not_stop_a_good_client()
    {
        using var directory = new TemporaryDirectory();
        Cargo.Create(directory, "cargo", 100);
        await using var server = await RawSession.ServeAsync(
            directory.Path, "--processes", "2", "--request-limit", "2s", "--max-wait", "none", "--backlog", "10000", "--per-address", "none");
        var slow = new List<RawSession>();
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                slow.Add(RawSession.Connect(server.Port));
                slow[i].Send([RawSession.Train(RawSession.Hello)[0]]);
            }
            using var good = RawSession.Open(server.Port);
            good.Say(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
            Assert.IsType<Message.Meta>(good.Read());
            Assert.Equal(ErrorCode.Timeout, slow[0].ReadFailure().Code);
        }
        finally
        {
            slow.ForEach(static session => session.Dispose());
        }
    }

    [Fact]
    public async Task Another_protocol_is_told_so_and_harms_nobody()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RawSession.ServeAsync(directory.Path);
        foreach (var said in (byte[][])[
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(),
            RawSession.Train(new Message.Ping(default)),
            RawSession.Train(RawSession.Hello with { LowestVersion = 3, HighestVersion = 9 }),
            [0, 0, 0, 0]])
        {
            using var session = RawSession.Connect(server.Port);
            session.Send(said);
            Assert.True(session.ReadFailure().Code is ErrorCode.Protocol or ErrorCode.TooLarge or ErrorCode.Version);
            session.ReadToEnd();
        }
        using var good = RawSession.Open(server.Port);
        good.Say(new Message.Ping(new("hi"u8)));
        Assert.Equal(new Message.PingAnswer(new("hi"u8)), good.Read());
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_under_its_name()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["old"], "old", TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        foreach (var name in (string[])["old", "new"])
        {
            using var session = RawSession.Open(server.Port);
            session.Say(new Message.Put(RawSession.PathOf(name), 300_000, null, null, default, default, false, null, Eager: true));
            var piece = new System.Buffers.ArrayBufferWriter<byte>();
            Assert.Null(TrainCodec.Write(piece, TrainKind.Data, new byte[100_000]));
            session.Send(piece.WrittenSpan);
            Assert.IsType<Message.Go>(session.Read());
        }
        using var other = RawSession.Open(server.Port);
        other.Say(new Message.List(null, true, null));
        Assert.Equal("old", Assert.Single(Assert.IsType<Message.Entries>(other.Read()).Batch).Path!.Display);
        Assert.Equal("old", await File.ReadAllTextAsync(directory["old"], TestContext.Current.CancellationToken));
    }

    private static (ErrorCode Code, string Text) Said(Failure failure) => (failure.Code, failure.Text);
}
