using System.Buffers;
using System.IO.Pipelines;
using Trainyard.Core.Framing;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Transport;

public sealed class TrainPipeTests
{
    private const int Limit = 16;

    // A body of no bytes, one of the longest, one that looks like a header.
    private static readonly (TrainKind Kind, byte[] Body)[] Trains =
        [(TrainKind.Hello, [1, 2, 3]), (TrainKind.Data, []), (TrainKind.Data, [.. Enumerable.Range(0, Limit).Select(i => (byte)i)]), (TrainKind.Fin, [0, 0, 0, 0])];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_slicing_gives_the_same_trains()
    {
        var bytes = await EncodedAsync();
        for (var first = 0; first <= bytes.Length; first++)
            for (var second = first; second <= bytes.Length; second++)
            {
                var pipe = new Pipe();
                var reading = ReadAllAsync(new(pipe.Reader, Limit));
                foreach (var piece in (byte[][])[bytes[..first], bytes[first..second], bytes[second..]])
                    await pipe.Writer.WriteAsync(piece, Stop);
                await pipe.Writer.CompleteAsync();
                Assert.Equal(Trains.Select(Line), await reading);
            }
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_train_is_truncated_and_one_that_ends_between_two_is_not()
    {
        var bytes = await EncodedAsync();
        var boundaries = Trains.Aggregate(new List<int> { 0 }, (ends, train) => [.. ends, ends[^1] + TrainHeader.Size + train.Body.Length]);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var reader = new TrainReader(PipeReader.Create(new ReadOnlySequence<byte>(bytes, 0, length)), Limit);
            if (boundaries.Contains(length))
                Assert.Equal(boundaries.IndexOf(length), (await ReadAllAsync(reader)).Count);
            else
                Assert.Equal(TransferFailure.Truncated, (await Assert.ThrowsAsync<TransferException>(() => ReadAllAsync(reader))).Reason);
        }
    }

    [Fact]
    public async Task A_train_that_is_too_long_is_refused_by_its_header()
    {
        var pipe = new Pipe();
        // No byte of the body follows, and the stream stays open.
        await pipe.Writer.WriteAsync(BitConverter.GetBytes(Limit + 1), Stop);
        var failure = await Assert.ThrowsAsync<TransferException>(async () => await new TrainReader(pipe.Reader, Limit).ReadAsync(Stop));
        Assert.Equal(TransferFailure.Protocol, failure.Reason);
    }

    [Fact]
    public async Task A_train_longer_than_the_pipe_holds_comes_through()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
        var body = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        var reader = new TrainReader(pipe.Reader, body.Length);
        var writing = Task.Run(
            async () =>
            {
                await pipe.Writer.WriteAsync(BitConverter.GetBytes(body.Length), Stop);
                foreach (var piece in body.Chunk(1000))
                    await pipe.Writer.WriteAsync(piece, Stop);
                await pipe.Writer.CompleteAsync();
            },
            Stop);
        Assert.Equal(body, (await reader.ReadAsync(Stop))!.Value.Body.ToArray());
        Assert.Null(await reader.ReadAsync(Stop));
        await writing;
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        var pipe = new Pipe();
        var reader = new TrainReader(pipe.Reader, Limit);
        await pipe.Writer.WriteAsync(new byte[] { 1 }, Stop);
        using (var cancel = new CancellationTokenSource())
        {
            var reading = reader.ReadAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }
        await pipe.Writer.WriteAsync(new byte[] { 0, 0, 0, 42 }, Stop);
        Assert.Equal([42], (await reader.ReadAsync(Stop))!.Value.Body.ToArray());
    }

    [Fact]
    public async Task A_writer_without_a_reader_is_told()
    {
        var pipe = new Pipe();
        await new TrainReader(pipe.Reader, Limit).CompleteAsync();
        var failure = await Assert.ThrowsAsync<TransferException>(async () => await new TrainWriter(pipe.Writer).WriteAsync(TrainKind.Data, new byte[1], Stop));
        Assert.Equal(TransferFailure.Interrupted, failure.Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainWriter(new Pipe().Writer).Write(TrainKind.Data, new byte[TrainHeader.MaximumLength + 1]));
    }

    private static async Task<byte[]> EncodedAsync()
    {
        var pipe = new Pipe();
        var writer = new TrainWriter(pipe.Writer);
        foreach (var (kind, body) in Trains)
            writer.Write(kind, body);
        await writer.FlushAsync(Stop);
        return (await pipe.Reader.ReadAsync(Stop)).Buffer.ToArray();
    }

    private static async Task<List<string>> ReadAllAsync(TrainReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadAsync(Stop) is { } train)
            lines.Add(Line((train.Kind, train.Body.ToArray())));
        return lines;
    }

    private static string Line((TrainKind Kind, byte[] Body) train) => $"{train.Kind} {Convert.ToHexString(train.Body)}";
}
