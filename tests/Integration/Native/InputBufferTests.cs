using Trainyard.Core.Custody;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving.Native;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>What a session has read of its client, one worker after another: no byte is lost and none is seen twice.</summary>
public sealed class InputBufferTests
{
    private static readonly int Rounds = LongRun.Or(500, 15);

    [Fact]
    public void Whoever_dies_between_two_bytes_the_next_one_sees_what_was_not_accounted_for()
    {
        using var memory = Journal.Create();
        var slots = new JournalSlots(memory);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var slot = slots.Take([]);
            Check(memory, slot, new Random(seed));
            slots.Return(slot);
        }
    }

    [Fact]
    public void A_part_that_waits_for_its_rest_does_not_stay_in_the_socket()
    {
        using var connection = new Loopback();
        using var input = new InputBuffer(isLookedAt: true);
        Assert.True(input.Receive(connection.Server, 100, default, isStream: false).WouldBlock);
        Libc.Send(connection.Client, "part"u8);
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(new(4, Errno.None), input.Receive(connection.Server, 100, default, isStream: false));
        Assert.Equal(4, Libc.ReadableBytes(connection.Server));
        Assert.True(input.WouldTake);
        Assert.True(input.TakeUsed(connection.Server));
        Assert.True(input.Receive(connection.Server, 100, default, isStream: false).WouldBlock);
        Assert.Equal(PollEvents.None, Libc.Poll(connection.Server, PollEvents.Readable, 0));
        connection.Client.Dispose();
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(new(0, Errno.None), input.Receive(connection.Server, 100, default, isStream: false));
        Assert.Equal("part"u8, input.Unread);
    }

    [Fact]
    public void The_end_of_the_stream_is_looked_for_once_and_takes_nothing()
    {
        using var connection = new Loopback();
        Span<byte> landing = stackalloc byte[100];
        using var early = new InputBuffer(isLookedAt: true);
        Assert.False(early.LookForEnd(connection.Server));
        Libc.Send(connection.Client, "one"u8);
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        using var input = new InputBuffer(isLookedAt: true);
        Assert.Equal(new(3, Errno.None), input.Receive(connection.Server, 100, landing, isStream: false));
        input.Consume(3);
        Libc.Send(connection.Client, "two"u8);
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.False(input.LookForEnd(connection.Server));
        // More has come: it is not waited for.
        Assert.Equal(new(3, Errno.None), input.Receive(connection.Server, 100, landing, isStream: false));
        input.Consume(3);
        Libc.Shutdown(connection.Client, SocketDirection.Writing);
        Assert.Equal(PollEvents.Readable, Libc.Poll(connection.Server, PollEvents.Readable, 60_000) & PollEvents.Readable);
        Assert.False(input.LookForEnd(connection.Server));
        Assert.False(early.LookForEnd(connection.Server));
        using var late = new InputBuffer(isLookedAt: true);
        Assert.True(late.LookForEnd(connection.Server));
        Assert.True(late.IsAtEnd);
    }

    private static void Check(Journal memory, int slot, Random random)
    {
        using var connection = new Loopback();
        var bytes = new byte[random.Next(1, 300_000)];
        random.NextBytes(bytes);
        var sending = new Thread(() => Send(connection.Client, bytes, new Random(bytes.Length)));
        sending.Start();
        var input = new InputBuffer(isLookedAt: true);
        var journal = Journalled(memory, slot);
        for (var isAtEnd = false; !isAtEnd;)
        {
            switch (random.Next(12))
            {
                case 0:
                    // The process is gone, and with it what it has looked at.
                    input.Dispose();
                    input = new InputBuffer(isLookedAt: true);
                    journal = GoOn(memory, slot, connection.Server, input);
                    break;
                case < 6 when input.Count > 0:
                    var count = random.Next(1, random.Next(2) == 0 ? 10 : input.Count + 1);
                    count = Math.Min(count, input.Count);
                    Assert.Equal(bytes.AsSpan((int)journal.Consumed, count), input.Unread[..count]);
                    input.Consume(count);
                    journal.Consumed += count;
                    break;
                case 6:
                    // As before anything is sent.
                    journal.Account();
                    journal.Save();
                    break;
                // A part of an item is shorter than a slot; with more at hand nobody would receive.
                case > 6 when input.Count <= 1000:
                    var received = Receive(connection.Server, input, journal, random);
                    isAtEnd = received is { IsOk: true, Count: 0 } && journal.Consumed == bytes.Length;
                    if (received.WouldBlock)
                        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
                    break;
                default:
                    break;
            }
        }
        sending.Join();
        Assert.Equal(bytes.Length, journal.Consumed);
        Assert.False(input.WouldTake);
        input.Dispose();
    }

    // As the driver does, for requests and for an upload as it comes.
    private static IoResult Receive(SocketDescriptor socket, InputBuffer input, SessionJournal journal, Random random)
    {
        if (input.WouldTake)
        {
            journal.Account();
            journal.Save(input.Unread);
        }
        Assert.True(input.TakeUsed(socket));
        var isStream = random.Next(4) == 0;
        var landing = isStream ? default : journal.PlaceToLand(input.Unread);
        var received = input.Receive(socket, random.Next(1, 2_000), landing, isStream);
        if (!landing.IsEmpty && received.IsOk)
            journal.Landed(received.Count);
        return received;
    }

    private static SessionJournal Journalled(Journal memory, int slot)
    {
        var own = memory.At(slot)!;
        own.Read();
        return new(own, static () => null);
    }

    private static SessionJournal GoOn(Journal memory, int slot, SocketDescriptor socket, InputBuffer input)
    {
        var journal = Journalled(memory, slot);
        var record = (JournalRecord)memory.At(slot)!.Read().Case!;
        Assert.Equal(Errno.None, Libc.CountStream(socket, out var counts, out _));
        var verdict = Assert.IsType<RecoveryVerdict.Continue>(Recovery.Judge(record.Entry, counts));
        if (record.Sequence == 0)
            return journal;
        input.Restore(verdict.Rest.Ahead.Span, verdict.Discard);
        input.Restore(journal.Restore(verdict.Rest, 0, verdict.Landed), verdict.Discard);
        return journal;
    }

    private static void Send(SocketDescriptor to, byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var piece = bytes.AsSpan(at, Math.Min(random.Next(1, 5000), bytes.Length - at));
            if (Libc.Send(to, piece) is { IsOk: true, Count: var count })
                at += (int)count;
            else
                Libc.Poll(to, PollEvents.Writable, 60_000);
        }
        Libc.Shutdown(to, SocketDirection.Writing);
    }
}
