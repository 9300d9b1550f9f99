using Trainyard.Integration.Support;
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
        for (var seed = 0; seed < Rounds; seed++)
            Check(new Random(seed));
    }

    [Fact]
    public void A_part_that_waits_for_its_rest_does_not_stay_in_the_socket()
    {
        using var connection = new Loopback();
        using var input = new InputBuffer(isLookedAt: true);
        Assert.True(input.Receive(connection.Server, 100, isStream: false).WouldBlock);
        Libc.Send(connection.Client, "part"u8);
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(new(4, Errno.None), input.Receive(connection.Server, 100, isStream: false));
        Assert.Equal(4, Libc.ReadableBytes(connection.Server));
        Assert.True(input.WouldTake);
        Assert.True(input.Receive(connection.Server, 100, isStream: false).WouldBlock);
        Assert.Equal(PollEvents.None, Libc.Poll(connection.Server, PollEvents.Readable, 0));
        connection.Client.Dispose();
        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
        Assert.Equal(new(0, Errno.None), input.Receive(connection.Server, 100, isStream: false));
        Assert.Equal("part"u8, input.Unread);
    }

    private static void Check(Random random)
    {
        using var connection = new Loopback();
        var bytes = new byte[random.Next(1, 300_000)];
        random.NextBytes(bytes);
        var sending = new Thread(() => Send(connection.Client, bytes, new Random(bytes.Length)));
        sending.Start();
        var input = new InputBuffer(isLookedAt: true);
        var (used, accounted, held) = (0L, 0L, Array.Empty<byte>());
        for (var isAtEnd = false; !isAtEnd;)
        {
            switch (random.Next(12))
            {
                case 0:
                    // The process is gone, and with it what it has looked at.
                    input.Dispose();
                    input = new InputBuffer(isLookedAt: true);
                    Assert.Equal(Errno.None, Libc.CountStream(connection.Server, out var counts, out _));
                    input.Restore(held, accounted + held.Length - counts.Taken);
                    used = accounted;
                    break;
                case < 6 when input.Count > 0:
                    var count = random.Next(1, random.Next(2) == 0 ? 10 : input.Count + 1);
                    count = Math.Min(count, input.Count);
                    Assert.Equal(bytes.AsSpan((int)used, count), input.Unread[..count]);
                    input.Consume(count);
                    used += count;
                    break;
                default:
                    (accounted, held) = (used, input.Unread.ToArray());
                    var received = input.Receive(connection.Server, random.Next(1, 20_000), random.Next(2) == 0);
                    isAtEnd = received is { IsOk: true, Count: 0 } && used == bytes.Length;
                    if (received.WouldBlock)
                        Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
                    break;
            }
        }
        sending.Join();
        Assert.Equal(bytes.Length, used);
        Assert.False(input.WouldTake);
        input.Dispose();
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
