using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>The lane between two threads: order, wake-ups, who owns a descriptor, and how it closes.</summary>
public sealed class MemoryLaneTests
{
    [Fact]
    public void Messages_arrive_in_order_each_to_a_reader_that_sleeps_in_between()
    {
        const int count = 20_000;
        var (ours, theirs) = MemoryLane.CreatePair();
        var reader = new Thread(() =>
        {
            // Answers each message, so that it often finds nothing and has to be woken.
            for (var expected = 0L; expected < count;)
            {
                Libc.Poll(theirs.Readable, PollEvents.Readable, 60_000);
                while (theirs.Receive() is LaneReceipt.Message(LaneMessage.Assign(var connection, _), _) && connection.Value == expected)
                    theirs.Say(new LaneMessage.Acknowledge(new(expected++)));
            }
        });
        reader.Start();
        var acknowledged = 0L;
        for (var sent = 0; acknowledged < count;)
        {
            for (var burst = 0; burst < 7 && sent < count; burst++)
                Assert.Equal(Errno.None, ours.Send(new LaneMessage.Assign(new(sent++), -1)));
            while (acknowledged < sent)
            {
                Assert.NotEqual(PollEvents.None, Libc.Poll(ours.Readable, PollEvents.Readable, 60_000));
                while (ours.Receive() is LaneReceipt.Message(LaneMessage.Acknowledge(var connection), _))
                    Assert.Equal(acknowledged++, connection.Value);
            }
        }
        reader.Join();
        Assert.IsType<LaneReceipt.Empty>(ours.Receive());
        Assert.Equal(PollEvents.None, Libc.Poll(ours.Readable, PollEvents.Readable, 0));
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public void A_descriptor_changes_hands_without_a_duplicate()
    {
        var (ours, theirs) = MemoryLane.CreatePair();
        using var passed = Libc.CreateEvent();
        ours.Send(new LaneMessage.Assign(new(1), -1), passed);
        Assert.Same(passed, Assert.IsType<LaneReceipt.Message>(theirs.Receive()).Descriptor);
        ours.Dispose();
        theirs.Dispose();
        Assert.False(passed.IsClosed);
    }

    [Fact]
    public void What_was_sent_before_the_end_is_received_and_then_the_end_stays()
    {
        var (ours, theirs) = MemoryLane.CreatePair();
        ours.Send(new LaneMessage.Exit(HandOver: false));
        ours.Dispose();
        Assert.IsType<LaneReceipt.Message>(theirs.Receive());
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(PollEvents.None, Libc.Poll(theirs.Readable, PollEvents.Readable, 0));
            Assert.IsType<LaneReceipt.Closed>(theirs.Receive());
        }
        theirs.Say(new LaneMessage.Exit(HandOver: false));
        theirs.Dispose();
    }

    [Fact]
    public void A_descriptor_that_nobody_takes_is_closed_and_one_that_cannot_be_sent_is_kept()
    {
        DescriptorLeak.Check(() =>
        {
            var (ours, theirs) = MemoryLane.CreatePair();
            var sent = Libc.CreateEvent();
            using var kept = Libc.CreateEvent();
            Assert.Equal(Errno.None, ours.Send(new LaneMessage.Assign(new(1), -1), sent));
            theirs.Dispose();
            Assert.True(sent.IsClosed);
            Assert.Equal(Errno.BrokenPipe, ours.Send(new LaneMessage.Assign(new(2), -1), kept));
            Assert.False(kept.IsClosed);
            ours.Dispose();
        });
    }

    [Fact]
    public void No_descriptor_is_lost_when_the_reader_closes_while_the_writer_sends()
    {
        for (var round = 0; round < 300; round++)
        {
            var (ours, theirs) = MemoryLane.CreatePair();
            using var go = new Barrier(2);
            var reader = new Thread(() =>
            {
                go.SignalAndWait(TestContext.Current.CancellationToken);
                (theirs.Receive() as LaneReceipt.Message)?.Descriptor?.Dispose();
                theirs.Dispose();
            });
            reader.Start();
            go.SignalAndWait(TestContext.Current.CancellationToken);
            var handedOver = new List<EventDescriptor>();
            for (var i = 0; i < 20; i++)
            {
                var descriptor = Libc.CreateEvent();
                if (ours.Send(new LaneMessage.Assign(new ConnectionId(i), -1), descriptor) == Errno.None)
                    handedOver.Add(descriptor);
                else
                    descriptor.Dispose();
            }
            reader.Join();
            ours.Dispose();
            Assert.All(handedOver, descriptor => Assert.True(descriptor.IsClosed));
        }
    }
}
