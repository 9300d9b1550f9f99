using System.Text;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Textbook;

/// <summary>Every refusal of a receiver by name, each from the fewest bytes that deserve it.</summary>
public class ReceiverRefusals
{
    private static readonly byte[] NameTrain = [1, 0, 0, 0, (byte)'f'];

    [Theory]
    [InlineData(1001)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(0x01000005)]
    public void A_length_out_of_range_at_any_header(int length)
    {
        var header = BitConverter.GetBytes(length);
        var error = new ReceiverError.LengthOutOfRange(length, 1000);
        Refuses(error, Dialect.Trains, header);
        Refuses(error, Dialect.Sized, [.. NameTrain, .. header]);
        Refuses(error, Dialect.Trains, [.. NameTrain, .. header]);
        Refuses(error, Dialect.Sized, [.. NameTrain, .. SizeTrain(5000), .. header]);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("a\rb")]
    [InlineData("\u001b]0;title\u0007")]
    public void A_name_that_is_none(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        List<byte> wire = [];
        ReferenceEncoder.AddTrain(wire, bytes);
        var expected = FileName.Create(bytes).Match<FileNameError?>(static _ => null, static error => error);
        Assert.NotNull(expected);
        Refuses(new ReceiverError.BadName(expected), Dialect.Whole, [.. wire]);
    }

    [Fact]
    public void A_name_of_an_impossible_length_by_its_header_alone()
    {
        Refuses(new ReceiverError.BadName(new FileNameError.Empty()), Dialect.Trains, [0, 0, 0, 0]);
        Refuses(new ReceiverError.BadName(new FileNameError.TooLong(256, 255)), Dialect.Trains, [0, 1, 0, 0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(1000)]
    public void A_size_train_that_is_not_8_bytes(short length) =>
        Refuses(new ReceiverError.SizeTrainLength(length), Dialect.Whole, [.. NameTrain, .. BitConverter.GetBytes((int)length)]);

    [Fact]
    public void A_negative_size() =>
        Refuses(new ReceiverError.NegativeSize(-2), Dialect.Sized, [.. NameTrain, .. SizeTrain(-2)]);

    [Fact]
    public void More_trains_than_announced() =>
        Refuses(new ReceiverError.MoreThanAnnounced(3, 4), Dialect.Sized, [.. NameTrain, .. SizeTrain(3), 4, 0, 0, 0]);

    [Fact]
    public void The_end_before_what_was_announced() =>
        Refuses(new ReceiverError.LessThanAnnounced(3, 0), Dialect.Sized, [.. NameTrain, .. SizeTrain(3), 0, 0, 0, 0]);

    [Fact]
    public void Something_else_where_the_end_train_belongs() =>
        Refuses(new ReceiverError.MissingEndTrain(0x04030201), Dialect.Whole, [.. NameTrain, .. SizeTrain(1), 9, 1, 2, 3, 4]);

    [Fact]
    public void A_dialect_without_a_file() => Refuses(new ReceiverError.NoFileDialect(Dialect.Echo), Dialect.Echo, []);

    [Theory]
    [InlineData(0, ReceiverItem.NameTrain, 0, 4)]
    [InlineData(3, ReceiverItem.NameTrain, 3, 4)]
    [InlineData(4, ReceiverItem.NameTrain, 4, 5)]
    [InlineData(5, ReceiverItem.SizeTrain, 0, 4)]
    [InlineData(16, ReceiverItem.SizeTrain, 11, 12)]
    [InlineData(17, ReceiverItem.FileData, 0, 2)]
    [InlineData(18, ReceiverItem.FileData, 1, 2)]
    [InlineData(19, ReceiverItem.EndTrain, 0, 4)]
    [InlineData(22, ReceiverItem.EndTrain, 3, 4)]
    public void A_truncation_says_where_and_how_much(int length, ReceiverItem where, long got, long wanted)
    {
        byte[] wire = [.. NameTrain, .. SizeTrain(2), 1, 2, 0, 0, 0, 0];
        foreach (var cuts in new StreamCuts[] { new([]), new([1]), new([4, 1]) })
            Assert.Equal(new ReceiverError.Truncated(where, got, wanted), ReceiverRun.Feed(Dialect.Whole, wire[..length], cuts).State.Error);
    }

    [Fact]
    public void A_truncation_counts_no_piece_of_an_item_that_was_completed()
    {
        var state = ReceiverMachine.Read(ReceiverState.Start(Dialect.Trains), NameTrain).State;
        state = ReceiverMachine.Read(state, [2, 0]).State;
        Assert.Equal(new ReceiverError.Truncated(ReceiverItem.TrainHeader, 2, 4), ReceiverMachine.EndOfStream(state).Error);
        state = ReceiverMachine.Read(state, [2, 0, 0, 0, 1, 2]).State;
        Assert.Equal(new ReceiverError.Truncated(ReceiverItem.TrainHeader, 0, 4), ReceiverMachine.EndOfStream(state).Error);
    }

    [Fact]
    public void A_lost_connection() =>
        Assert.Equal(new ReceiverError.ConnectionLost(104), ReceiverMachine.ConnectionLost(ReceiverState.Start(Dialect.Trains), 104).Error);

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    public void More_moved_than_expected(long count)
    {
        var state = ReceiverMachine.Read(ReceiverState.Start(Dialect.Whole), NameTrain).State;
        Assert.Equal(new ReceiverError.Miscounted(1, 0), ReceiverMachine.Moved(state, 1).Error);
        state = ReceiverMachine.Read(state, SizeTrain(2)).State;
        Assert.Equal(2, state.ExpectedData);
        Assert.Equal(new ReceiverError.Miscounted(count, 2), ReceiverMachine.Moved(state, count).Error);
    }

    [Fact]
    public void Needed_is_exactly_what_the_item_lacks()
    {
        var start = ReceiverState.Start(Dialect.Sized);
        Assert.Equal(4, ReceiverMachine.Read(start, []).Needed);
        Assert.Equal(1, ReceiverMachine.Read(start, NameTrain.AsSpan(0, 4)).Needed);
        var named = ReceiverMachine.Read(start, NameTrain).State;
        Assert.Equal(8, ReceiverMachine.Read(named, SizeTrain(1).AsSpan(0, 4)).Needed);
        var sized = ReceiverMachine.Read(named, SizeTrain(1)).State;
        var header = ReceiverMachine.Read(sized, [1, 0, 0, 0]);
        Assert.Equal((ReceiverAction.NeedMore, 4, 1, 1L), (header.Action, header.Consumed, header.Needed, header.State.ExpectedData));
    }

    [Fact]
    public void A_data_train_costs_no_memory()
    {
        var state = ReceiverMachine.Read(ReceiverState.Start(Dialect.Trains), NameTrain).State;
        var train = new byte[1004];
        (train[0], train[1]) = (0xe8, 0x03);
        var before = 0L;
        for (var i = 0; i < 1000; i++)
        {
            if (i == 1)
                before = GC.GetAllocatedBytesForCurrentThread();
            state = ReceiverMachine.Read(state, train).State;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000_000, state.Received);
    }

    private static void Refuses(ReceiverError error, Dialect dialect, byte[] wire)
    {
        foreach (var cuts in new StreamCuts[] { new([]), new([1]), new([3, 7]) })
        {
            Assert.Equal(error, ReceiverRun.Feed(dialect, wire, cuts).State.Error);
            Assert.Equal(error, ReceiverRun.Feed(dialect, [.. wire, 0, 0, 0, 0, 0], cuts).State.Error);
        }
    }

    private static byte[] SizeTrain(long size) => [8, 0, 0, 0, .. BitConverter.GetBytes(size)];
}
