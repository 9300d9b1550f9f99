using System.Runtime.InteropServices;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class DescriptorPassingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(253)]
    public void As_many_descriptors_arrive_as_were_sent(int count) => DescriptorLeak.Check(() =>
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            using var counter = Libc.CreateEvent();
            var sent = Libc.SendWithDescriptors(near, "train"u8, Copies(counter, count));
            Assert.Equal(new IoResult(5, Errno.None), sent);

            var received = new List<Descriptor>();
            var buffer = new byte[16];
            Assert.Equal(new IoResult(5, Errno.None), Libc.ReceiveWithDescriptors(far, buffer, count, received));
            Assert.Equal("train"u8, buffer.AsSpan(0, 5));
            Assert.Equal(count, received.Count);
            foreach (var descriptor in received)
                Libc.SignalEvent(descriptor);
            Assert.Equal((ulong)count, Libc.DrainEvent(counter));
            received.ForEach(descriptor => descriptor.Dispose());
        }
    });

    [Fact]
    public void Descriptors_keep_their_order()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            using var first = Libc.CreateEvent();
            using var second = Libc.CreateEvent();
            Libc.SendWithDescriptors(near, "x"u8, [first, second]);
            var received = new List<Descriptor>();
            Libc.ReceiveWithDescriptors(far, new byte[1], 2, received);
            Libc.SignalEvent(received[1]);
            Assert.Equal(0ul, Libc.DrainEvent(first));
            Assert.Equal(1ul, Libc.DrainEvent(second));
            received.ForEach(descriptor => descriptor.Dispose());
        }
    }

    [Fact]
    public void The_254th_descriptor_is_refused()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
            Assert.Throws<ArgumentOutOfRangeException>(() => Libc.SendWithDescriptors(near, "x"u8, Copies(near, 254)));
    }

    [Fact]
    public void What_arrives_is_close_on_exec()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            Libc.SendWithDescriptors(near, "x"u8, [near]);
            var received = new List<Descriptor>();
            Libc.ReceiveWithDescriptors(far, new byte[1], 1, received);
            using var descriptor = Assert.Single(received);
            Assert.True(IsCloseOnExec(descriptor));
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(253, 252)]
    public void More_descriptors_than_allowed_are_an_error_and_leak_nothing(int sent, int allowed) => DescriptorLeak.Check(() =>
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            Libc.SendWithDescriptors(near, "x"u8, Copies(near, sent));
            var received = new List<Descriptor>();
            Assert.Equal(new IoResult(1, Errno.TooManyReferences), Libc.ReceiveWithDescriptors(far, new byte[1], allowed, received));
            Assert.Empty(received);
        }
    });

    [Fact]
    public void Messages_keep_their_text_when_their_descriptors_are_lost() => DescriptorLeak.Check(() =>
    {
        var (near, far) = LaneChannel.CreatePair();
        using (near)
        using (var lane = new LaneChannel(far))
        using (var passed = Libc.CreateEvent())
        {
            // More than the lane expects: to the receiver the same as a table without room.
            Assert.True(near.Send([new(new(7), -1), new(new(8), 3)], Copies(passed, LaneChannel.MostAssigned + 1)).IsOk);
            Assert.Equal(new LaneReceipt.Message(new LaneMessage.Assign(new ConnectionId(7), -1), null), lane.Receive());
            Assert.Equal(new LaneReceipt.Message(new LaneMessage.Assign(new ConnectionId(8), 3), null), lane.Receive());
            Assert.IsType<LaneReceipt.Empty>(lane.Receive());
        }
    });

    [Fact]
    public void Connections_that_are_passed_together_arrive_each_with_its_own_descriptor() => DescriptorLeak.Check(() =>
    {
        var (near, far) = LaneChannel.CreatePair();
        var passed = Enumerable.Range(0, LaneChannel.MostAssigned).Select(static _ => Libc.CreateEvent()).ToArray();
        using (near)
        using (var lane = new LaneChannel(far))
        {
            Assert.True(near.Send([.. passed.Select(static (_, i) => new LaneMessage.Assign(new(i), i))], [.. passed]).IsOk);
            Assert.True(near.Send(new LaneMessage.Exit(HandOver: true)).IsOk);
            // The last of them are not taken, and closed with the lane.
            for (var i = 0; i < passed.Length - 3; i++)
            {
                var (message, descriptor) = Assert.IsType<LaneReceipt.Message>(lane.Receive());
                Assert.Equal(new LaneMessage.Assign(new(i), i), message);
                using (descriptor)
                {
                    Libc.SignalEvent(passed[i]);
                    Assert.Equal(PollEvents.Readable, Libc.Poll(descriptor!, PollEvents.Readable, 0));
                    Libc.DrainEvent(passed[i]);
                }
            }
        }
        Array.ForEach(passed, static one => one.Dispose());
    });

    [Fact]
    public void A_message_longer_than_the_buffer_is_an_error_and_leaks_nothing() => DescriptorLeak.Check(() =>
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            using var kept = Libc.CreateEvent();
            Libc.SendWithDescriptors(near, "toolong"u8, [near, near]);
            var received = new List<Descriptor> { kept };
            Assert.Equal(new IoResult(0, Errno.MessageTooLong), Libc.ReceiveWithDescriptors(far, new byte[3], 2, received));
            Assert.Equal([kept], received);
            Assert.False(kept.IsClosed);
        }
    });

    [Fact]
    public void An_empty_lane_would_block_and_a_closed_one_ends()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (far)
        {
            using (near)
                Assert.True(Libc.ReceiveWithDescriptors(far, new byte[1], 1, []).WouldBlock);
            Assert.Equal(new IoResult(0, Errno.None), Libc.ReceiveWithDescriptors(far, new byte[1], 1, []));
            Assert.Equal(Errno.BrokenPipe, Libc.SendWithDescriptors(far, "x"u8, []).Error);
        }
    }

    [Fact]
    public void A_full_lane_would_block_and_keeps_what_it_has()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            var sent = 0;
            while (Libc.SendWithDescriptors(near, "x"u8, []) is { IsOk: true })
                sent++;
            Assert.True(Libc.SendWithDescriptors(near, "x"u8, []).WouldBlock);

            var arrived = 0;
            while (Libc.ReceiveWithDescriptors(far, new byte[1], 0, []) is { Count: 1 })
                arrived++;
            Assert.Equal(sent, arrived);
        }
    }

    [Fact]
    public void An_empty_message_is_refused()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
            Assert.Throws<ArgumentOutOfRangeException>(() => Libc.SendWithDescriptors(near, [], []));
    }

    [Fact]
    public void A_closed_descriptor_is_refused_and_the_others_are_let_go() => DescriptorLeak.Check(() =>
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        using (near)
        using (far)
        {
            var closed = Libc.CreateEvent();
            closed.Dispose();
            Assert.Throws<ObjectDisposedException>(() => Libc.SendWithDescriptors(near, "x"u8, [near, closed]));
        }
    });

    private static SafeHandle[] Copies(SafeHandle descriptor, int count) => [.. Enumerable.Repeat(descriptor, count)];

    private static bool IsCloseOnExec(Descriptor descriptor)
    {
        using var held = new HeldDescriptor(descriptor);
        var flags = File.ReadLines($"/proc/self/fdinfo/{held.Number}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
        return (Convert.ToInt32(flags[6..].Trim(), 8) & Libc.OpenCloseOnExec) != 0;
    }
}
