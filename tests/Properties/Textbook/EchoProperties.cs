using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

[Properties(Arbitrary = [typeof(StreamCutsArbitrary)], MaxTest = 300)]
public class EchoProperties
{
    [Property]
    public void What_is_sent_comes_back_within_the_buffer(byte[] stream, PositiveInt capacity, StreamCuts arriving, StreamCuts leaving)
    {
        List<byte> returned = [];
        var (received, held) = (0, System.Array.Empty<byte>());
        var step = EchoMachine.Start(capacity.Get);
        for (var call = 0; step.State is not EchoState.Ended; call++)
        {
            EchoEvent ev;
            switch (Assert.Single(step.Commands))
            {
                case EchoCommand.Receive receive when received == stream.Length:
                    Assert.Empty(held);
                    ev = new EchoEvent.EndOfStream();
                    break;
                case EchoCommand.Receive receive:
                    Assert.Empty(held);
                    Assert.InRange(receive.Maximum, 1, capacity.Get);
                    held = stream[received..(received + arriving.Next(call, Math.Min(receive.Maximum, stream.Length - received)))];
                    received += held.Length;
                    ev = new EchoEvent.Received(held.Length);
                    break;
                case EchoCommand.Send send:
                    Assert.Equal(held.Length, send.Count);
                    var taken = leaving.Next(call, send.Count);
                    returned.AddRange(held[..taken]);
                    held = held[taken..];
                    ev = new EchoEvent.Sent(taken);
                    break;
                case var other:
                    throw new InvalidOperationException($"{other} in a state that is no end");
            }
            step = EchoMachine.Step(step.State, ev);
        }
        Assert.Equal(stream, returned);
        Assert.Equal([new EchoCommand.Finish(new EchoOutcome.Completed(stream.Length))], step.Commands);
    }

    [Property]
    public void Impossible_counts_end_typed(PositiveInt capacity, PositiveInt beyond)
    {
        var limit = capacity.Get;
        foreach (var count in new[] { 0, -1, int.MinValue, int.MaxValue, limit + beyond.Get })
        {
            var outcome = new EchoOutcome.Broken(count, limit);
            var aborted = new EchoStep(new EchoState.Ended(outcome), [new EchoCommand.Abort(outcome)]);
            Assert.Equal(aborted, EchoMachine.Step(new EchoState.Filling(limit, 5), new EchoEvent.Received(count)));
            Assert.Equal(aborted, EchoMachine.Step(new EchoState.Emptying(limit + 9, 5, limit), new EchoEvent.Sent(count)));
        }
        Assert.IsType<EchoState.Ended>(EchoMachine.Start(0).State);
        Assert.IsType<EchoState.Ended>(EchoMachine.Start(-beyond.Get).State);
    }

    [Fact]
    public void A_failure_says_how_much_had_gone_back()
    {
        EchoState[] states = [new EchoState.Filling(10, 7), new EchoState.Emptying(10, 7, 3)];
        foreach (var state in states)
        {
            Assert.Equal(new EchoState.Ended(new EchoOutcome.PeerGone(104, 7)), EchoMachine.Step(state, new EchoEvent.PeerGone(104)).State);
            var patience = TimeSpan.FromSeconds(30);
            Assert.Equal(new EchoState.Ended(new EchoOutcome.Stalled(patience, 7)), EchoMachine.Step(state, new EchoEvent.Stalled(patience)).State);
        }
    }

    [Theory]
    [InlineData(10, 10, true, true, nameof(EchoReceiverOutcome.Completed))]
    [InlineData(0, 0, true, true, nameof(EchoReceiverOutcome.Completed))]
    [InlineData(10, 10, true, false, nameof(EchoReceiverOutcome.Altered))]
    [InlineData(10, 9, true, true, nameof(EchoReceiverOutcome.Truncated))]
    [InlineData(10, 0, false, false, nameof(EchoReceiverOutcome.Truncated))]
    [InlineData(10, 10, false, true, nameof(EchoReceiverOutcome.EndedEarly))]
    [InlineData(10, 11, true, true, nameof(EchoReceiverOutcome.Excess))]
    public void The_client_judges_by_count_and_digest(long sent, long returned, bool closed, bool agree, string verdict)
    {
        var state = default(EchoReceiverState);
        for (var i = 0L; i < sent; i++)
            state = EchoReceiver.Step(state, new EchoReceiverEvent.Sent(1));
        if (closed)
            state = EchoReceiver.Step(state, new EchoReceiverEvent.SendingClosed());
        if (returned > 0)
            state = EchoReceiver.Step(state, new EchoReceiverEvent.Returned(returned));
        state = EchoReceiver.Step(state, new EchoReceiverEvent.EndOfStream(agree));
        Assert.Equal(verdict, state.Outcome?.GetType().Name);
        Assert.Equal(state, EchoReceiver.Step(state, new EchoReceiverEvent.ConnectionLost(104)));
    }

    [Fact]
    public void The_client_takes_no_count_that_cannot_be()
    {
        var state = EchoReceiver.Step(default, new EchoReceiverEvent.Sent(long.MaxValue));
        Assert.Equal(new EchoReceiverOutcome.Broken(1), EchoReceiver.Step(state, new EchoReceiverEvent.Sent(1)).Outcome);
        Assert.Equal(new EchoReceiverOutcome.Broken(0), EchoReceiver.Step(state, new EchoReceiverEvent.Returned(0)).Outcome);
        Assert.Equal(new EchoReceiverOutcome.Broken(-1), EchoReceiver.Step(default, new EchoReceiverEvent.Sent(-1)).Outcome);
        var closed = EchoReceiver.Step(default, new EchoReceiverEvent.SendingClosed());
        Assert.Equal(new EchoReceiverOutcome.Broken(1), EchoReceiver.Step(closed, new EchoReceiverEvent.Sent(1)).Outcome);
    }

    [Fact]
    public void The_client_names_its_other_ends()
    {
        var patience = TimeSpan.FromSeconds(30);
        Assert.Equal(new EchoReceiverOutcome.ConnectionLost(104), EchoReceiver.Step(default, new EchoReceiverEvent.ConnectionLost(104)).Outcome);
        Assert.Equal(new EchoReceiverOutcome.Stalled(patience), EchoReceiver.Step(default, new EchoReceiverEvent.Stalled(patience)).Outcome);
    }
}
