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
    public void The_end_is_seen_behind_a_part_that_stays_in_the_socket()
    {
        using var connection = new Loopback();
        using var poll = PollHandle.Create();
        poll.Add(connection.Server, PollEvents.Readable, 0);
        using var input = new InputBuffer(isLookedAt: true);
        Assert.True(input.Receive(connection.Server, 100).WouldBlock);
        var raised = 0;
        input.AwaitMore(connection.Server, () => raised++);
        Assert.Equal(0, raised);
        Libc.Send(connection.Client, "part"u8);
        Assert.Equal(1, poll.Wait(new Readiness[1], 60_000));
        Assert.Equal(new(4, Errno.None), input.Receive(connection.Server, 100));
        Assert.True(input.Receive(connection.Server, 100).WouldBlock);
        input.AwaitMore(connection.Server, () => raised++);
        input.AwaitMore(connection.Server, () => raised++);
        Assert.Equal(1, raised);
        Assert.Equal(0, poll.Wait(new Readiness[1], 0));
        connection.Client.Dispose();
        Assert.Equal(1, poll.Wait(new Readiness[1], 60_000));
        Assert.Equal(new(0, Errno.None), input.Receive(connection.Server, 100));
        Assert.Equal("part"u8, input.Unread);
    }

    private static void Check(Random random)
    {
        using var connection = new Loopback();
        using var poll = PollHandle.Create();
        poll.Add(connection.Server, PollEvents.Readable, 0);
        var bytes = new byte[random.Next(1, 300_000)];
        random.NextBytes(bytes);
        var sending = new Thread(() => Send(connection.Client, bytes, new Random(bytes.Length)));
        sending.Start();
        var input = new InputBuffer(isLookedAt: true);
        var (used, accounted) = (0L, 0L);
        for (var isAtEnd = false; !isAtEnd;)
        {
            switch (random.Next(12))
            {
                case 0:
                    // The process is gone, and with it what it has looked at.
                    input.Dispose();
                    input = new InputBuffer(isLookedAt: true);
                    Assert.Equal(Errno.None, Libc.CountStream(connection.Server, out var counts, out _));
                    input.Owe(accounted - counts.Taken);
                    input.ResetMark(connection.Server);
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
                    accounted = used;
                    var received = input.Receive(connection.Server, random.Next(1, 20_000));
                    isAtEnd = received is { IsOk: true, Count: 0 } && used == bytes.Length;
                    if (!received.WouldBlock)
                        break;
                    input.AwaitMore(connection.Server, static () => { });
                    Assert.Equal(1, poll.Wait(new Readiness[1], 60_000));
                    break;
            }
        }
        sending.Join();
        Assert.Equal(bytes.Length, used);
        Assert.False(input.IsOwing);
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
