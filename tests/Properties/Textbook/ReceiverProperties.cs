using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

[Properties(Arbitrary = [typeof(TextbookFilesArbitrary), typeof(StreamCutsArbitrary)], MaxTest = 300)]
public class ReceiverProperties
{
    [Property]
    public void Any_slicing_gives_name_size_and_the_same_bytes(TextbookFile file, StreamCuts cuts, bool move, byte[] after)
    {
        var run = ReceiverRun.Feed(file.Dialect, [.. ReferenceEncoder.Encode(file), .. after], cuts, move);
        Assert.True(run.State.IsFinished, $"{run.State.Error}");
        Assert.Null(run.State.Error);
        Assert.Equal(file.Name, run.State.Name);
        Assert.Equal(file.Dialect == Dialect.Trains ? null : (long?)file.Content.Length, run.State.Size);
        Assert.Equal(file.Content, run.Content);
        Assert.Equal(file.Content.Length, run.State.Received);
        ReceiverAction[] opening = file.Dialect == Dialect.Trains ? [ReceiverAction.Named] : [ReceiverAction.Named, ReceiverAction.Sized];
        Assert.Equal(opening, run.Found.Where(static a => a is not (ReceiverAction.NeedMore or ReceiverAction.Data)).SkipLast(1));
        Assert.Equal(ReceiverAction.Finished, run.Found[^1]);
    }

    [Property]
    public void A_stream_that_ends_anywhere_before_its_end_is_truncated(TextbookFile file, StreamCuts cuts, NonNegativeInt cut, bool move)
    {
        var wire = ReferenceEncoder.Encode(file);
        var length = cut.Get % 3 == 0 ? wire.Length - 1 - cut.Get % 5 : cut.Get * 31 % wire.Length;
        var run = ReceiverRun.Feed(file.Dialect, wire[..length], cuts, move);
        var truncated = Assert.IsType<ReceiverError.Truncated>(run.State.Error);
        Assert.False(run.State.IsFinished);
        Assert.InRange(truncated.Got, 0, truncated.Wanted - 1);
        Assert.Equal(file.Content[..run.Content.Length], run.Content);
        if (truncated.Where == ReceiverItem.FileData)
            Assert.Equal(run.Content.Length, truncated.Got);
    }

    [Property]
    public void The_verdict_does_not_depend_on_the_slicing(TextbookFile file, StreamCuts cuts, NonNegativeInt at, byte value, bool cutShort)
    {
        var wire = Mutated(file, at.Get, value, cutShort);
        var whole = ReceiverRun.Feed(file.Dialect, wire, new StreamCuts([]));
        foreach (var run in new[] { ReceiverRun.Feed(file.Dialect, wire, cuts), ReceiverRun.Feed(file.Dialect, wire, new StreamCuts([1])) })
        {
            Assert.Equal((whole.State.IsFinished, whole.State.Error), (run.State.IsFinished, run.State.Error));
            Assert.Equal((whole.State.Name, whole.State.Size, whole.State.Received), (run.State.Name, run.State.Size, run.State.Received));
            Assert.Equal(whole.Content, run.Content);
        }
    }

    [Property]
    public void A_mutated_stream_never_finishes_with_another_length_than_announced(
        TextbookFile file, StreamCuts cuts, NonNegativeInt at, byte value, bool cutShort, bool move)
    {
        var run = ReceiverRun.Feed(file.Dialect, Mutated(file, at.Get, value, cutShort), cuts, move);
        Assert.True(run.State.IsEnded);
        Assert.Equal(run.State.IsFinished, run.State.Error is null);
        Assert.Equal(run.State.Received, run.Content.Length);
        if (run.State.IsFinished && run.State.Size is { } announced)
            Assert.Equal(announced, run.Content.Length);
    }

    [Property]
    public void Any_bytes_at_all_end_in_a_verdict(byte[] noise, StreamCuts cuts, bool move)
    {
        foreach (var dialect in Enum.GetValues<Dialect>())
            Assert.True(ReceiverRun.Feed(dialect, noise, cuts, move).State.IsEnded);
    }

    [Property]
    public void Another_size_than_announced_is_refused(TextbookFile file, StreamCuts cuts, NonZeroInt difference)
    {
        var announced = Math.Max(0, (long)file.Content.Length + difference.Get);
        if (file.Dialect == Dialect.Trains || announced == file.Content.Length)
            return;
        var run = ReceiverRun.Feed(file.Dialect, ReferenceEncoder.Encode(file, announced), cuts);
        switch (file.Dialect, announced > file.Content.Length)
        {
            case (Dialect.Sized, true):
                Assert.Equal(new ReceiverError.LessThanAnnounced(announced, file.Content.Length), run.State.Error);
                break;
            case (Dialect.Sized, false):
                var throughTrain = Math.Min((announced / 1000 + 1) * 1000, file.Content.Length);
                Assert.Equal(new ReceiverError.MoreThanAnnounced(announced, throughTrain), run.State.Error);
                break;
            case (_, true):
                Assert.IsType<ReceiverError.Truncated>(run.State.Error);
                break;
            default:
                // Four zero bytes of the file, at just this place, cannot be told from the zero train.
                var word = BitConverter.ToInt32([.. file.Content[(int)announced..], 0, 0, 0, 0], 0);
                Assert.Equal(word == 0 ? null : new ReceiverError.MissingEndTrain(word), run.State.Error);
                break;
        }
    }

    [Property]
    public void Once_ended_nothing_changes(TextbookFile file, byte[] more, bool well, int errno)
    {
        var wire = ReferenceEncoder.Encode(file);
        var ended = ReceiverRun.Feed(file.Dialect, well ? wire : wire[..^1], new StreamCuts([])).State;
        var step = ReceiverMachine.Read(ended, more);
        Assert.Equal((ended, 0, 0), (step.State, step.Consumed, step.DataLength));
        Assert.Equal(well ? ReceiverAction.Finished : ReceiverAction.Refused, step.Action);
        Assert.Equal(ended, ReceiverMachine.Moved(ended, more.Length));
        Assert.Equal(ended, ReceiverMachine.EndOfStream(ended));
        Assert.Equal(ended, ReceiverMachine.ConnectionLost(ended, errno));
    }

    /// <summary>The file's stream with one byte replaced, most often one of a header, and perhaps without its last bytes.</summary>
    private static byte[] Mutated(TextbookFile file, int at, byte value, bool cutShort)
    {
        var wire = ReferenceEncoder.Encode(file);
        var joint = file.Layout.FilePosition(at / 8 % 5 * 1000L);
        var position = at % 2 == 0 ? joint - 1 - at / 2 % 4 : at / 2 % Math.Min(40, wire.Length);
        wire[Math.Clamp(position, 0, wire.Length - 1)] = value;
        return cutShort ? wire[..^(at % Math.Min(wire.Length, 7))] : wire;
    }
}
