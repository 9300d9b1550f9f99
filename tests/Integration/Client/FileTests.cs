using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Client;

public sealed class FileTests
{
    private const int Block = 4 * 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TrainyardClientOptions Quick = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };

    [Theory]
    [InlineData(0, DigestAlgorithm.Xxh128)]
    [InlineData(4096, DigestAlgorithm.Sha256)]
    [InlineData(9_000_001, DigestAlgorithm.Xxh128)]
    public async Task A_file_arrives_with_mode_and_time(int size, DigestAlgorithm algorithm)
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var stored = server.Add("f", StreamTests.Random(size));
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await client.DownloadAsync("f", directory["got"], new() { Digest = algorithm }, cancellationToken: Stop);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
        Assert.Equal(stored.Mode, (int)File.GetUnixFileMode(directory["got"]));
        Assert.Equal(stored.Modified / 100, (File.GetLastWriteTimeUtc(directory["got"]) - DateTime.UnixEpoch).Ticks);
        Assert.Equal(Convert.ToHexStringLower(FakeServer.Digest(algorithm == DigestAlgorithm.Sha256 ? HashAlgorithm.Sha256 : HashAlgorithm.Xxh128, stored.Content)), result.Digest);
        Assert.Equal([directory["got"]], Cargo.Everything(directory.Path));
        // One request: the description comes with the bytes.
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_download_that_was_given_up_is_resumed_by_another_client()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var stored = server.Add("f", StreamTests.Random(4 * Block + 1000));
        server.BreakAfter.Enqueue(2 * Block + 500_000);
        await using (var client = await TrainyardClient.ConnectAsync(server.Address, Quick with { Retries = 0 }, Stop))
        {
            var failure = await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("f", directory["got"], cancellationToken: Stop));
            Assert.Equal((TransferFailure.Interrupted, true), (failure.Reason, failure.CanResume));
            Assert.False(File.Exists(directory["got"]));
        }
        await using var again = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await again.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
        Assert.Equal(2 * Block, result.Resumed);
        Assert.Equal(stored.Content.Length - 2 * Block, result.Moved);
        Assert.Equal([directory["got"]], Cargo.Everything(directory.Path));
    }

    [Fact]
    public async Task What_was_left_of_another_content_is_not_stitched()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        server.Add("f", StreamTests.Random(3 * Block));
        server.BreakAfter.Enqueue(2 * Block);
        await using (var client = await TrainyardClient.ConnectAsync(server.Address, Quick with { Retries = 0 }, Stop))
            await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("f", directory["got"], cancellationToken: Stop));
        var stored = server.Add("f", StreamTests.Random(3 * Block));
        await using var again = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await again.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(0, result.Resumed);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
    }

    [Fact]
    public async Task A_source_that_changes_in_the_middle_is_fetched_anew()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        server.Add("f", StreamTests.Random(2 * Block));
        server.BreakAfter.Enqueue(Block + 5000);
        server.Before = request =>
        {
            if (request is Message.Get { Range.Offset: > 0, IfIdentity.IsEmpty: false } && server.Connections == 2)
                server.Add("f", StreamTests.Random(2 * Block));
        };
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(server.Files["f"].Content, await File.ReadAllBytesAsync(directory["got"], Stop));
    }

    [Theory]
    [InlineData(1000, 500)]
    [InlineData(3 * Block, Block + 1_000_000)]
    [InlineData(6 * Block, Block + 1_000_000)]
    public async Task A_flipped_bit_costs_one_block_and_no_more(int size, int at)
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var stored = server.Add("f", StreamTests.Random(size));
        server.FlipAt.Enqueue(at);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
        Assert.Equal([directory["got"]], Cargo.Everything(directory.Path));
        if (size > Block)
            Assert.Contains(server.Requests, request => request is Message.Get { Range: { Offset: Block, Length: Block } });
    }

    [Fact]
    public async Task Bytes_that_were_damaged_before_a_break_are_found_in_the_end()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var stored = server.Add("f", StreamTests.Random(3 * Block));
        server.FlipAt.Enqueue(100_000);
        server.BreakAfter.Enqueue(2 * Block);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
    }

    [Fact]
    public async Task Whatever_came_before_a_break_is_written_and_never_fetched_again()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer { TrainSize = 1024 * 1024 };
        var stored = server.Add("f", StreamTests.Random(20 * Block + 17));
        // Long enough for a thread that writes, and the last one is not: each ends at another place of a train and of a piece.
        long[] breaks = [5 * Block + 1, 8 * Block + 131_072, 3 * Block - 7, Block];
        foreach (var at in breaks)
            server.BreakAfter.Enqueue(at);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(directory["got"], Stop));
        Assert.Equal((stored.Content.Length, 0, breaks.Length), (result.Moved, result.Resumed, result.Reconnects));
        Assert.Equal([directory["got"]], Cargo.Everything(directory.Path));
    }

    [Fact]
    public async Task A_large_file_comes_in_parallel_ranges()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var stored = server.Add("f", StreamTests.Random(70 * 1024 * 1024 + 17));
        server.BreakAfter.Enqueue(long.MaxValue);
        server.BreakAfter.Enqueue(1_000_000); // less than the shortest piece: whichever the second connection gets, it breaks
        server.Before = request =>
        {
            // Each job has its connection before any has its bytes: else the first may have fetched them all before the others came.
            if (request is Message.Get { Range.Length: > 0 })
                SpinWait.SpinUntil(() => server.Connections >= 3 || Stop.IsCancellationRequested);
        };
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var result = await client.DownloadAsync("f", directory["got"], new() { Jobs = 3, Durable = false }, cancellationToken: Stop);
        var got = await File.ReadAllBytesAsync(directory["got"], Stop);
        Assert.True(stored.Content.AsSpan().SequenceEqual(got));
        Assert.Equal(1, result.Reconnects);
        Assert.True(server.Connections >= 3);
    }

    [Fact]
    public async Task What_is_there_is_not_replaced_unless_it_may_be()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        server.Add("f", [1]);
        await File.WriteAllTextAsync(directory["got"], "old", Stop);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var failure = await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("f", directory["got"], new() { NoClobber = true }, cancellationToken: Stop));
        Assert.Equal(TransferFailure.Exists, failure.Reason);
        Assert.Equal("old", await File.ReadAllTextAsync(directory["got"], Stop));
        await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        var same = await client.DownloadAsync("f", directory["got"], new() { Update = true }, cancellationToken: Stop);
        Assert.Equal(0, same.Moved);
    }

    [Fact]
    public async Task A_cancelled_download_leaves_what_can_be_resumed()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        server.Add("f", StreamTests.Random(4 * Block));
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick with { BytesPerSecond = 20_000_000 }, Stop);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var progress = new Watch(state =>
        {
            if (state.Bytes > Block + 100_000)
                cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.DownloadAsync("f", directory["got"], null, progress, cancel.Token));
        Assert.False(File.Exists(directory["got"]));
        var result = await client.DownloadAsync("f", directory["got"], cancellationToken: Stop);
        Assert.True(result.Resumed >= Block);
    }

    [Fact]
    public async Task An_upload_that_was_given_up_is_resumed_by_another_client()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FakeServer();
        var content = StreamTests.Random(3 * Block);
        await File.WriteAllBytesAsync(directory["up"], content, Stop);
        server.BreakAfter.Enqueue(2 * Block);
        var options = Quick with { StateDirectory = directory["state"] };
        await using (var client = await TrainyardClient.ConnectAsync(server.Address, options with { Retries = 0 }, Stop))
        {
            var failure = await Assert.ThrowsAsync<TransferException>(() => client.UploadAsync(directory["up"], "f", cancellationToken: Stop));
            Assert.True(failure.CanResume);
        }
        await using var again = await TrainyardClient.ConnectAsync(server.Address, options, Stop);
        var result = await again.UploadAsync(directory["up"], "f", cancellationToken: Stop);
        Assert.Equal(content, server.Files["f"].Content);
        Assert.True(result.Resumed > Block);
        Assert.Equal(content.Length, result.Resumed + result.Moved);
        Assert.Empty(Directory.GetFiles(directory["state"]));
        var same = await again.UploadAsync(directory["up"], "f", new() { Update = true }, cancellationToken: Stop);
        Assert.Equal(0, same.Moved);
    }

    private sealed class Watch(Action<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => told(value);
    }
}
