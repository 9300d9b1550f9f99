using System.Buffers;
using System.Text;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>Small uploads sent one behind the other, and what else is asked between them: each is answered in its turn, whatever becomes of its neighbours.</summary>
public sealed class UploadsAheadTests
{
    private const int Rounds = 60;

    [Fact]
    public async Task Are_answered_in_order_whatever_becomes_of_each()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["sub"]);
        Directory.CreateDirectory(directory["taken"]);
        await File.WriteAllTextAsync(directory["old"], "old", TestContext.Current.CancellationToken);
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Open(server.Port);
        for (var i = 0; i < Rounds; i++)
        {
            session.Send(
            [
                .. Upload($"f{i}", $"content {i}"),
                .. Upload("sub/same", $"first {i}"),
                .. Upload("nowhere/f", "x"),
                .. Upload("damaged", "x", digestOf: "y"),
                .. Upload("old", "x", noClobber: true),
                .. Upload("taken", "x"),
                .. Upload("sub/same", $"second {i}"),
                .. Upload("empty", ""),
                .. RawSession.Train(new Message.Ping(new("p"u8))),
            ]);
            if (i % 7 == 0)
                session.Send([.. RawSession.Train(new Message.Get(RawSession.PathOf("sub/same"), default, default, null)), .. Upload("sub/same", "third")]);
        }
        for (var i = 0; i < Rounds; i++)
        {
            Stored(session, $"content {i}");
            Stored(session, $"first {i}");
            Refused(session, ErrorCode.NotFound);
            Refused(session, ErrorCode.Integrity);
            Refused(session, ErrorCode.Exists);
            Refused(session, ErrorCode.IsDirectory);
            var identity = Stored(session, $"second {i}");
            Stored(session, "");
            Assert.IsType<Message.PingAnswer>(session.Read());
            if (i % 7 != 0)
                continue;
            // What was stored before is what is found after, under the identity that was told.
            Assert.Equal(identity, Assert.IsType<Message.Meta>(session.Read()).Identity);
            Assert.Equal($"second {i}", Encoding.UTF8.GetString((byte[])session.Read()!));
            Assert.Equal(Digest($"second {i}"), Assert.IsType<Message.Fin>(session.Read()).Digest);
            Stored(session, "third");
        }
        for (var i = 0; i < Rounds; i++)
            Assert.Equal($"content {i}", await File.ReadAllTextAsync(directory[$"f{i}"], TestContext.Current.CancellationToken));
        Assert.Equal("old", await File.ReadAllTextAsync(directory["old"], TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Cargo.Everything(directory.Path), static name => Path.GetFileName(name).StartsWith(".trainyard-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_waits_for_go_in_the_middle_is_told_it_behind_those_that_came_before()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Open(server.Port);
        var last = Upload("last", "last");
        session.Send([.. Upload("a", "a"), .. Upload("b", "b"), .. last.AsSpan(0, last.Length - 3)]);
        Stored(session, "a");
        Stored(session, "b");
        Assert.Equal(0, Assert.IsType<Message.Go>(session.Read()).Offset);
        session.Send(last.AsSpan(last.Length - 3));
        Assert.Equal(Digest("last"), Assert.IsType<Message.Committed>(session.Read()).Digest);
    }

    [Fact]
    public async Task Who_has_said_everything_and_closes_is_answered_all_the_same()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RawSession.ServeAsync(directory.Path, "--processes", "1");
        using var session = RawSession.Open(server.Port);
        session.Send([.. Enumerable.Range(0, 100).SelectMany(static i => Upload($"f{i}", $"content {i}"))]);
        session.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        for (var i = 0; i < 100; i++)
            Stored(session, $"content {i}");
        Assert.Null(session.Read());
    }

    private static byte[] Upload(string path, string content, string? digestOf = null, bool noClobber = false)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var data = new ArrayBufferWriter<byte>();
        if (bytes.Length > 0)
            Assert.Null(TrainCodec.Write(data, TrainKind.Data, bytes));
        return
        [
            .. RawSession.Train(new Message.Put(RawSession.PathOf(path), bytes.Length, 42, 0x1a4, default, default, noClobber, null, Eager: true)),
            .. data.WrittenSpan,
            .. RawSession.Train(new Message.Fin(bytes.Length, Digest(digestOf ?? content))),
        ];
    }

    private static Opaque Digest(string content) => ContentDigest.Of(HashAlgorithm.Xxh128, Encoding.UTF8.GetBytes(content));

    private static Opaque Stored(RawSession session, string content)
    {
        Assert.IsType<Message.Go>(session.Read());
        var committed = Assert.IsType<Message.Committed>(session.Read());
        Assert.Equal(Digest(content), committed.Digest);
        return committed.Identity;
    }

    private static void Refused(RawSession session, ErrorCode code) => Assert.Equal(code, Assert.IsType<Message.Error>(session.Read()).Failure.Code);
}
