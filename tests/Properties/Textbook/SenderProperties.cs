using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

[Properties(Arbitrary = [typeof(TextbookFilesArbitrary), typeof(StreamCutsArbitrary)], MaxTest = 300)]
public class SenderProperties
{
    [Property]
    public void Short_sends_at_any_byte_emit_the_reference_stream(TextbookFile file, StreamCuts cuts)
    {
        var run = new SenderRun(file, cuts);
        run.ToTheEnd(SenderMachine.Start(file.Dialect, file.Name));
        var wire = ReferenceEncoder.Encode(file);
        Assert.Equal(wire, run.Wire);
        Assert.Equal(new SenderOutcome.Completed(file.Content.Length, wire.Length), run.Finished);
        Assert.Equal(1, run.Verifications);
    }

    [Property]
    public void Resumed_at_any_position_it_emits_the_rest(TextbookFile file, NonNegativeInt seed, StreamCuts cuts)
    {
        var wire = ReferenceEncoder.Encode(file);
        var position = seed.Get % 4 == 0 ? wire.Length - seed.Get / 4 % 6 : seed.Get * 37 % (wire.Length + 1);
        var run = new SenderRun(file, cuts);
        run.ToTheEnd(SenderMachine.Resume(file.Layout, position));
        Assert.Equal(wire[position..], run.Wire);
        Assert.Equal(new SenderOutcome.Completed(file.Content.Length, wire.Length), run.Finished);
        Assert.Equal(position <= wire.Length - 4, run.Verifications == 1);
    }

    [Property]
    public void A_file_that_changed_never_gets_its_end_train(TextbookFile file, StreamCuts cuts, NonNegativeInt when, byte which)
    {
        var run = new SenderRun(file, cuts) { FaultAtStep = when.Get % 12, Fault = Fault(which) };
        run.ToTheEnd(SenderMachine.Start(file.Dialect, file.Name));
        var outcome = Assert.IsAssignableFrom<SenderOutcome>(run.Aborted);
        Assert.Null(run.Finished);
        Assert.True(run.Wire.Count <= file.Layout.EndTrainAt);
        Assert.Equal(ReferenceEncoder.Encode(file)[..run.Wire.Count], run.Wire);
        Assert.Equal(Expected(run.Fault), outcome);

        static SenderEvent Fault(byte which) =>
            (which % 3) switch
            {
                0 => new SenderEvent.Changed(),
                1 => new SenderEvent.Shrunk(which),
                _ => new SenderEvent.ReadFailed(which),
            };

        static SenderOutcome Expected(SenderEvent? fault) =>
            fault switch
            {
                SenderEvent.Shrunk e => new SenderOutcome.Shrank(e.AtOffset),
                SenderEvent.ReadFailed e => new SenderOutcome.ReadFailed(e.Errno),
                _ => new SenderOutcome.Changed(),
            };
    }

    [Property]
    public void A_peer_that_leaves_or_stalls_is_reported_with_what_had_left(TextbookFile file, StreamCuts cuts, NonNegativeInt when, bool stalls)
    {
        var run = new SenderRun(file, cuts)
        {
            FaultAtStep = when.Get % 12,
            MayFaultAnywhere = true,
            Fault = stalls ? new SenderEvent.Stalled(TimeSpan.FromSeconds(30)) : new SenderEvent.PeerGone(32),
        };
        run.ToTheEnd(SenderMachine.Start(file.Dialect, file.Name));
        if (run.Finished is not null)
            return;
        Assert.Equal(
            stalls ? new SenderOutcome.Stalled(TimeSpan.FromSeconds(30), run.Wire.Count) : new SenderOutcome.PeerGone(32, run.Wire.Count),
            run.Aborted);
    }

    [Property]
    public void More_than_was_asked_or_nothing_is_a_typed_failure(TextbookFile file, PositiveInt beyond)
    {
        var layout = file.Layout;
        foreach (var count in new[] { 0, -1, long.MinValue, long.MaxValue, layout.EndTrainAt + beyond.Get })
        {
            var step = SenderMachine.Step(new SenderState.Sending(layout, 0), new SenderEvent.Sent(count));
            var outcome = new SenderOutcome.Broken(count, layout.EndTrainAt);
            Assert.Equal(new(new SenderState.Ended(outcome), [new SenderCommand.Abort(outcome)]), step);
        }
    }

    [Fact]
    public void What_cannot_be_sent_ends_before_a_byte_leaves()
    {
        var name = TextbookFilesArbitrary.Name("file2"u8.ToArray());
        Assert.Equal(Aborted(new SenderOutcome.Unsendable(new LayoutError.NoFileDialect(Dialect.Echo))), SenderMachine.Start(Dialect.Echo, name));
        var opening = SenderMachine.Start(Dialect.Sized, name);
        Assert.Equal([new SenderCommand.OpenFile(name)], opening.Commands);
        Assert.Equal(Aborted(new SenderOutcome.Unavailable(2)), SenderMachine.Step(opening.State, new SenderEvent.OpenFailed(2)));
        Assert.Equal(
            Aborted(new SenderOutcome.Unsendable(new LayoutError.NegativeSize(-5))),
            SenderMachine.Step(opening.State, new SenderEvent.Opened(-5)));
    }

    [Property]
    public void A_position_outside_the_response_cannot_be_resumed(TextbookFile file, PositiveInt beyond)
    {
        var length = file.Layout.Length;
        foreach (var position in new[] { -beyond.Get, length + beyond.Get, long.MinValue, long.MaxValue })
            Assert.Equal(Aborted(new SenderOutcome.Broken(position, length)), SenderMachine.Resume(file.Layout, position));
    }

    private static SenderStep Aborted(SenderOutcome outcome) =>
        new(new SenderState.Ended(outcome), [new SenderCommand.Abort(outcome)]);
}
