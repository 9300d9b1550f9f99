using Trainyard.Core.Custody;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>What the kernel says that was queued and taken on a connection, which is what a worker's successor goes by: exact, or no count at all.</summary>
public sealed class StreamCountTests
{
    private const int Errors = 3;

    [Fact]
    public void Every_byte_is_counted_once_however_it_is_moved()
    {
        using var connection = new Loopback();
        using var directory = new TemporaryDirectory();
        using var file = directory.OpenNew("file", new byte[300_000]);
        var random = new Random(7);
        var buffer = new byte[300_000];
        var (sent, taken) = (0L, 0L);
        for (var step = 0; step < 3000; step++)
        {
            var count = random.Next(1, random.Next(2) == 0 ? 100 : buffer.Length);
            sent += random.Next(4) switch
            {
                0 => Libc.Send(connection.Client, buffer.AsSpan(0, count)).Count,
                1 => Libc.Send(connection.Client, buffer.AsSpan(0, count), MessageFlags.More).Count,
                2 => Libc.SendFile(connection.Client, file, buffer.Length - count, count).Count,
                _ => 0,
            };
            // What is only looked at stays.
            Libc.Receive(connection.Server, buffer.AsSpan(0, count), MessageFlags.Peek);
            taken += random.Next(3) switch
            {
                0 => Libc.Receive(connection.Server, buffer.AsSpan(0, count)).Count,
                1 => Libc.Discard(connection.Server, count).Count,
                _ => 0,
            };
            Assert.Equal(new(sent, 0), CountsOf(connection.Client));
            Assert.Equal(new(0, taken), CountsOf(connection.Server));
        }
        Assert.InRange(taken, 1, sent);
    }

    [Fact]
    public void The_end_of_the_stream_is_no_byte()
    {
        using var connection = new Loopback();
        Libc.Send(connection.Client, "0123456789"u8);
        Libc.Send(connection.Server, "abc"u8);
        Libc.Shutdown(connection.Client, SocketDirection.Writing);
        Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Server, PollEvents.PeerClosedWriting, 60_000));
        Assert.Equal(new(3, 0), CountsOf(connection.Server, out var info));
        Assert.True(info is { HasEndedReceiving: true, HasEndedSending: false });
        Loopback.Receive(connection.Server, 4);
        Assert.Equal(new(3, 4), CountsOf(connection.Server));
        Loopback.Receive(connection.Server, 6);
        Assert.Equal(new(3, 10), CountsOf(connection.Server));
        Assert.Equal(new(0, Errno.None), Libc.Receive(connection.Server, new byte[1]));
        Assert.Equal(new(3, 10), CountsOf(connection.Server));
        // The client has ended its own side, and what comes is counted all the same.
        Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Client, PollEvents.Readable, 60_000));
        Assert.Equal(0, CountsOf(connection.Client, out info).Taken);
        Assert.True(info is { HasEndedSending: true, HasEndedReceiving: false });
        Loopback.Receive(connection.Client, 2);
        Assert.Equal(2, CountsOf(connection.Client).Taken);
        // Where both sides have ended, there is nothing to go on with.
        Libc.Shutdown(connection.Server, SocketDirection.Writing);
        Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Client, PollEvents.PeerClosedWriting, 60_000));
        CountsOf(connection.Client, out info);
        Assert.Equal(TcpInfo.Closed, info.State);
    }

    [Fact]
    public void What_comes_while_it_is_counted_is_never_taken_for_taken()
    {
        using var connection = new Loopback();
        var stop = false;
        var sender = new Thread(() =>
        {
            var bytes = new byte[5000];
            while (!Volatile.Read(ref stop))
                if (Libc.Send(connection.Client, bytes).WouldBlock)
                    Libc.Poll(connection.Client, PollEvents.Writable, 10);
        });
        sender.Start();
        var taken = 0L;
        var buffer = new byte[100_000];
        for (var count = 0; count < 20_000; count++)
        {
            if (count % 3 == 0)
                taken += Libc.Receive(connection.Server, buffer).Count;
            Assert.Equal(taken, CountsOf(connection.Server).Taken);
        }
        Volatile.Write(ref stop, true);
        sender.Join();
    }

    [Fact]
    public void A_process_that_is_killed_while_it_sends_has_sent_what_is_counted()
    {
        using var directory = new TemporaryDirectory();
        var program = CCompiler.Compile(directory, "sender", """
            #include <errno.h>
            #include <poll.h>
            #include <sys/socket.h>
            int main(void)
            {
                static unsigned char bytes[65536];
                for (unsigned long at = 0;;) {
                    unsigned long count = 1 + at * 2654435761u % sizeof bytes;
                    for (unsigned long i = 0; i < count; i++)
                        bytes[i] = (unsigned char)((at + i) * 31 >> 3);
                    long sent = send(3, bytes, count, 0);
                    if (sent > 0)
                        at += (unsigned long)sent;
                    else if (errno != EAGAIN)
                        return 1;
                    else
                        poll(&(struct pollfd){.fd = 3, .events = POLLOUT}, 1, -1);
                }
            }
            """);
        for (var round = 0; round < 20; round++)
        {
            using var connection = new Loopback();
            var spawned = Libc.Spawn(program, [], environment: null, [(connection.Server, 3)]);
            using var sender = Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open");
            // It is somewhere in its work, sometimes with a full queue.
            var received = 0L;
            for (var wanted = round % 4 == 0 ? 1 : Random.Shared.Next(1, 8_000_000); received < wanted;)
                received += Check(connection.Client, received);
            Libc.SendSignal(sender, Signal.Kill);
            Assert.Equal(new ProcessStatus(ProcessState.Killed, (int)Signal.Kill), Libc.Wait(sender, wait: true));
            var counts = CountsOf(connection.Server);
            Assert.Equal(0, counts.Taken);
            // Who comes next goes on with the byte behind.
            while (received < counts.Queued)
                received += Check(connection.Client, received);
            Assert.Equal(counts.Queued, received);
            Assert.Equal(0, Libc.ReadableBytes(connection.Client));
            Libc.Send(connection.Server, [Byte(received)]);
            Assert.Equal(1, Check(connection.Client, received));
            Assert.Equal(counts.Queued + 1, CountsOf(connection.Server).Queued);
        }
    }

    [Fact]
    public void What_is_no_connection_is_not_counted()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Stream, nonBlocking: true);
        using (near)
        using (far)
            Assert.Equal(Errno.NotSupported, Libc.CountStream(near, out _, out _));
        using var connection = new Loopback();
        Libc.Send(connection.Server, "abc"u8);
        Libc.SetLinger(connection.Client, seconds: 0);
        connection.Client.Dispose();
        Assert.NotEqual(PollEvents.None, Libc.Poll(connection.Server, PollEvents.Readable, 60_000));
        Assert.Equal(Errno.None, Libc.CountStream(connection.Server, out _, out var info));
        Assert.Equal(TcpInfo.Closed, info.State);
    }

    private static byte Byte(long at) => (byte)((ulong)at * 31 >> 3);

    private static long Check(SocketDescriptor socket, long from)
    {
        Assert.NotEqual(PollEvents.None, Libc.Poll(socket, PollEvents.Readable, 60_000));
        var buffer = new byte[200_000];
        var received = Libc.Receive(socket, buffer);
        Assert.True(received is { IsOk: true, Count: > 0 }, $"{received} behind {from} bytes");
        for (var i = 0; i < received.Count; i++)
            if (buffer[i] != Byte(from + i))
                Assert.Fail($"byte {from + i} is another one");
        return received.Count;
    }

    private static StreamCounts CountsOf(SocketDescriptor socket) => CountsOf(socket, out _);

    // Busy is a right answer while the other side sends faster than can be counted; it must not be for ever.
    private static StreamCounts CountsOf(SocketDescriptor socket, out TcpInfo info)
    {
        for (var attempt = 0; ; attempt++)
        {
            var error = Libc.CountStream(socket, out var counts, out info);
            if (error == Errno.None)
                return counts;
            Assert.True(error == Errno.Busy && attempt < Errors, $"{error}");
        }
    }
}
