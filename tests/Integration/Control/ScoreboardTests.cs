using System.Text;
using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;
using Xunit;

namespace Trainyard.Integration.Control;

/// <summary>What a worker writes on the scoreboard is read whole or not at all.</summary>
public sealed class ScoreboardTests
{
    [Fact]
    public async Task A_record_is_never_torn()
    {
        using var board = Scoreboard.Create();
        using var done = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                // Every word of a record follows from its connection, so that a mixture of two is seen.
                for (var i = 1L; !done.IsCancellationRequested; i++)
                {
                    board.Show(3, new ConnectionId(i), PathOf(i), size: i * 1000, offset: i);
                    board.Move(3, i * 2);
                    if (i % 100 == 0)
                        board.Hide(3);
                }
            },
            TestContext.Current.CancellationToken);
        var seen = 0;
        for (var i = 0; i < 2_000_000 && seen < 200_000; i++)
        {
            if (board.ReadTransfer(3) is not { } record)
                continue;
            seen++;
            var number = record.Connection.Value;
            Assert.Equal(PathOf(number), Encoding.UTF8.GetString(record.Path));
            Assert.Equal(number * 1000, record.Size);
            Assert.True(record.Offset == number || record.Offset == number * 2, $"{record.Offset} of {number}");
        }
        await done.CancelAsync();
        await writer;
        Assert.True(seen > 0);
    }

    [Fact]
    public void A_long_path_is_clipped_between_two_characters()
    {
        using var board = Scoreboard.Create();
        board.Show(0, new ConnectionId(1), "a" + new string('ä', 1000), 1, 0);
        var path = board.ReadTransfer(0)!.Path;
        Assert.InRange(path.Length, ScoreboardCell.PathBytes - 1, ScoreboardCell.PathBytes);
        Assert.Equal("a" + new string('ä', (path.Length - 1) / 2), Encoding.UTF8.GetString(path));
    }

    [Fact]
    public void Cells_do_not_touch_each_other_and_a_cleared_one_is_empty()
    {
        using var board = Scoreboard.Create();
        for (var cell = 4; cell <= 6; cell++)
        {
            board.Beat(cell);
            board.Add(cell, 7);
            board.CountServed(cell);
            board.Show(cell, new ConnectionId(cell), new string('x', 1000), 10, 5);
        }
        board.Clear(5);
        Assert.Null(board.ReadTransfer(5));
        Assert.Equal((0ul, 0ul), board.Read(5));
        Assert.Equal(0ul, board.ReadServed(5));
        foreach (var cell in (int[])[4, 6])
        {
            Assert.Equal((1ul, 7ul), board.Read(cell));
            Assert.Equal(1ul, board.ReadServed(cell));
            Assert.Equal(cell, board.ReadTransfer(cell)!.Connection.Value);
        }
        board.Hide(4);
        Assert.Null(board.ReadTransfer(4));
        Assert.Null(board.ReadTransfer(Scoreboard.Cells - 1));
    }

    private static string PathOf(long number) => new((char)('a' + (number % 26)), (int)(1 + (number % 200)));
}
