using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving.Native;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>A session's driver takes over at each byte of an answer in turn, with this test in the place of the worker before.</summary>
public sealed class EveryByteTests : IDisposable
{
    private static readonly JournalSession Session = new(new(50, SessionLimits.LeastControl, 10), HashAlgorithm.Sha256, new JournalIntake.Requests());

    private readonly TemporaryDirectory _directory = new();
    private readonly Journal _journal = Journal.Create();
    private readonly JournalSlots _slots;
    private readonly NativeService _service;
    private readonly JournalAnswer.File _record;
    private readonly byte[] _answer;

    public EveryByteTests()
    {
        _slots = new(_journal);
        Cargo.Create(_directory, "cargo", 130);
        _service = NativeService.Create(new NativeSettings(_directory.Path, false, SessionTimeouts.Default).Encode())!;
        var meta = Uninterrupted(out _answer);
        _record = new(RawSession.PathOf("cargo"), default, meta);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_rest_of_the_answer_follows_and_then_the_session()
    {
        for (var position = 0; position <= _answer.Length; position++)
        {
            using var connection = new Loopback();
            using var driver = GoOn(connection, _record, position);
            Libc.Send(connection.Client, RawSession.Train(new Message.Ping(new("p"u8))));
            Advance(driver, connection);
            Assert.Equal(_answer, Loopback.Receive(connection.Client, _answer.Length));
            var pong = RawSession.Train(new Message.PingAnswer(new("p"u8)));
            Assert.Equal(pong, Loopback.Receive(connection.Client, pong.Length));
            Assert.Equal(0, Libc.ReadableBytes(connection.Client));
        }
    }

    [Fact]
    public void Of_a_file_that_has_changed_an_error_follows_where_a_train_begins_and_elsewhere_a_reset()
    {
        Cargo.Create(_directory, "cargo", 130);
        var borders = Borders();
        Assert.Equal(5, borders.Count);
        for (var position = 0; position < _answer.Length; position++)
        {
            using var connection = new Loopback();
            var driver = GoOn(connection, _record, position);
            Advance(driver, connection);
            if (position > 0)
                Assert.Equal(_answer[..position], Loopback.Receive(connection.Client, position));
            if (borders.Contains(position))
            {
                var error = Loopback.Receive(connection.Client, Libc.ReadableBytes(connection.Client));
                var failure = Assert.IsType<Message.Error>(
                    MessageCodec.DecodeTrain(error, Side.Server, SessionLimits.MostControl).Case).Failure;
                Assert.Equal((ErrorCode.Changed, true), (failure.Code, failure.IsRetryable));
                driver.Dispose();
                continue;
            }
            driver.Dispose();
            connection.Server.Dispose();
            Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Client, PollEvents.Readable, 60_000));
            Assert.Equal(Errno.ConnectionReset, Libc.Receive(connection.Client, new byte[1]).Error);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_cannot_be_said_again_is_said_to_be_unknown_only_before_its_first_byte(bool hasBegun)
    {
        using var connection = new Loopback();
        var driver = GoOn(connection, new JournalAnswer.Unrepeatable(JournalObstacle.Answer), hasBegun ? 1 : 0);
        var last = Advance(driver, connection);
        Assert.Equal(hasBegun ? DriverTurn.Ended : DriverTurn.Blocked, last);
        if (!hasBegun)
        {
            var error = Loopback.Receive(connection.Client, Libc.ReadableBytes(connection.Client));
            Assert.Equal(
                ErrorCode.Interrupted,
                Assert.IsType<Message.Error>(MessageCodec.DecodeTrain(error, Side.Server, SessionLimits.MostControl).Case).Failure.Code);
        }
        driver.Dispose();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Commits_under_way_are_told_to_be_made_or_to_be_sent_again(bool isNamed, bool owesGo)
    {
        var content = File.ReadAllBytes(_directory["cargo"]);
        FileStatus status;
        using (var tree = Shell.Storage.ServedTree.Open(_directory.Path, readOnly: true))
        using (var file = tree.OpenFile(RawSession.PathOf("cargo"), default).Value!)
            status = Libc.Status(file.Descriptor);
        var commit = new JournalAnswer.Commit(
            RawSession.PathOf("cargo"), Shell.Storage.PartialFile.StoredOf(status), isNamed ? content.Length : content.Length + 1, HashAlgorithm.Xxh128,
            Shell.Storage.ContentDigest.Of(HashAlgorithm.Xxh128, content), owesGo);
        using var connection = new Loopback();
        var slot = Slot();
        slot.Write(new(0, 0, Session, new Arr<JournalAnswer>([commit, commit]), default));
        using var bell = new SemaphoreSlim(0);
        using var driver = _service.Open(connection.Server, slot, () => bell.Release(), DateTimeOffset.UtcNow);
        Libc.Send(connection.Client, RawSession.Train(new Message.Ping(new("p"u8))));
        for (var answers = 0; answers < 2; answers++)
        {
            Advance(driver, connection);
            bell.Wait(TestContext.Current.CancellationToken);
        }
        Advance(driver, connection);
        for (var i = 0; i < 2; i++)
        {
            if (isNamed && owesGo)
                Assert.IsType<Message.Go>(Next(connection));
            if (isNamed)
                Assert.Equal(commit.Digest, Assert.IsType<Message.Committed>(Next(connection)).Digest);
            else
                Assert.Equal(ErrorCode.Interrupted, Assert.IsType<Message.Error>(Next(connection)).Failure.Code);
        }
        Assert.IsType<Message.PingAnswer>(Next(connection));
        Assert.Equal(0, Libc.ReadableBytes(connection.Client));
    }

    private static object Next(Loopback connection)
    {
        var header = Loopback.Receive(connection.Client, 4);
        return MessageCodec.DecodeTrain([.. header, .. Loopback.Receive(connection.Client, BitConverter.ToUInt16(header))], Side.Server, SessionLimits.MostControl).Case!;
    }

    private System.Collections.Generic.HashSet<int> Borders()
    {
        System.Collections.Generic.HashSet<int> borders = [];
        for (var at = 0; at < _answer.Length; at += 4 + (_answer[at] | (_answer[at + 1] << 8) | (_answer[at + 2] << 16)))
            borders.Add(at);
        return borders;
    }

    /// <summary>What a session of one worker sends.</summary>
    private Message.Meta Uninterrupted(out byte[] answer)
    {
        using var connection = new Loopback();
        var hello = RawSession.Hello with { Limits = Session.Peer, Hashes = new([Session.Algorithm]) };
        Libc.Send(connection.Client, [.. RawSession.Train(hello), .. RawSession.Train(new Message.Get(RawSession.PathOf("cargo"), default, default, null))]);
        using var driver = _service.Open(connection.Server, Slot(), static () => { }, DateTimeOffset.UtcNow);
        Advance(driver, connection);
        var greeting = 4 + BitConverter.ToInt16(Loopback.Receive(connection.Client, 4));
        Loopback.Receive(connection.Client, greeting - 4);
        answer = Loopback.Receive(connection.Client, Libc.ReadableBytes(connection.Client));
        return (Message.Meta)MessageCodec.DecodeTrain(answer.AsSpan(0, 4 + answer[0]), Side.Server, SessionLimits.MostControl).Case!;
    }

    /// <summary>A connection of which another worker has sent so many bytes of an answer.</summary>
    private IConnectionDriver GoOn(Loopback connection, JournalAnswer answer, int position)
    {
        var slot = Slot();
        slot.Write(new(0, 0, Session, new Arr<JournalAnswer>([answer]), default));
        Libc.SetOption(connection.Server, SocketOption.NoDelay, 1);
        Assert.Equal(position, Libc.Send(connection.Server, _answer.AsSpan(0, position)).Count);
        return _service.Open(connection.Server, slot, static () => { }, DateTimeOffset.UtcNow);
    }

    private SlotJournal Slot()
    {
        var slot = _journal.At(_slots.Take([]))!;
        slot.Read();
        return slot;
    }

    // What comes is readable at once, and what is sent arrives at once.
    private static DriverTurn Advance(IConnectionDriver driver, Loopback connection)
    {
        Libc.Poll(connection.Server, PollEvents.Readable, 0);
        while (true)
            if (driver.Advance(DateTimeOffset.UtcNow) is var turn and not DriverTurn.Yielded)
                return turn;
    }
}
