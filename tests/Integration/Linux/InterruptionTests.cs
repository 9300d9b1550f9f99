using System.Diagnostics;
using System.Runtime.InteropServices;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>Waits while signals rain on the waiting thread, which make the kernel give up the call with EINTR.</summary>
public class InterruptionTests
{
    private const int TimeoutMs = 200;

    // One that starts over at every signal waits until the last of a thousand, each 5 ms or more after the one before.
    private const int TooLongMs = 4000;

    // Real-time signals are queued one by one, so that those sent can be counted. The runtime uses some of the first ones itself.
    private const Signal RealTime = (Signal)41;

    private const int ReceiveTimeout = 20;

    [Fact]
    public void An_interrupted_epoll_wait_neither_ends_early_nor_starts_over()
    {
        using var poll = PollHandle.Create();
        var (result, elapsedMs) = UnderSignals(() => poll.Wait(new Readiness[1], TimeoutMs));
        Assert.Equal(0, result);
        Assert.InRange(elapsedMs, TimeoutMs - 10, TooLongMs);
    }

    [Fact]
    public void An_interrupted_poll_neither_ends_early_nor_starts_over()
    {
        using var counter = Libc.CreateEvent();
        var (result, elapsedMs) = UnderSignals(() => Libc.Poll(counter, PollEvents.Readable, TimeoutMs));
        Assert.Equal(PollEvents.None, result);
        Assert.InRange(elapsedMs, TimeoutMs - 10, TooLongMs);
    }

    [Fact]
    public void An_interrupted_wait_for_a_child_goes_on()
    {
        var spawned = Libc.Spawn("/bin/sh", ["-c", "sleep 0.2; exit 3"], null, []);
        using var child = Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open");
        Assert.Equal(new(ProcessState.Exited, 3), UnderSignals(() => Libc.Wait(child, wait: true)).Result);
    }

    // A handler set by the runtime restarts recvmsg by itself except with a receive timeout, which EINTR then reports (signal(7)).
    [Fact]
    public void An_interrupted_receive_goes_on()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: false);
        using (near)
        using (far)
        {
            using (var held = new HeldDescriptor(near))
                Assert.Equal(0, setsockopt(held.Number, SocketOption.LevelSocket, ReceiveTimeout, [10, 0], 16));
            using var later = new Timer(_ => Libc.Send(far, "late"u8), null, TimeoutMs, Timeout.Infinite);
            var received = UnderSignals(() => Libc.ReceiveWithDescriptors(near, new byte[8], 0, []));
            Assert.Equal(new(4, Errno.None), received.Result);
        }
    }

    [DllImport("libc")]
    private static extern int setsockopt(int fd, int level, int option, long[] value, uint length);

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int tgkill(int process, int thread, int signal);

    private static (T Result, long ElapsedMs) UnderSignals<T>(Func<T> wait)
    {
        using var events = new SignalEvents(RealTime);
        using var started = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        var threadId = 0;
        T result = default!;
        var elapsedMs = 0L;
        var thread = new Thread(() =>
        {
            threadId = gettid();
            started.Set();
            var clock = Stopwatch.StartNew();
            result = wait();
            elapsedMs = clock.ElapsedMilliseconds;
            ended.Set();
            released.Wait();
        });
        thread.Start();
        started.Wait();
        var sent = 0;
        while (!ended.Wait(5))
        {
            // A wait that starts over at every signal would last as long as the signals do.
            if (sent < 1000)
            {
                Assert.Equal(0, tgkill(Environment.ProcessId, threadId, (int)RealTime));
                sent++;
            }
        }
        // All of them are taken before the thread and the handler go: a late one would end the process.
        for (var taken = events.Take().Length; taken < sent; taken += events.Take().Length)
            Assert.NotEqual(PollEvents.None, Libc.Poll(events.Ready, PollEvents.Readable, 60_000));
        Assert.NotEqual(0, sent);
        released.Set();
        thread.Join();
        return (result, elapsedMs);
    }
}
