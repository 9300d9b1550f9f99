using Trainyard.Core.Protocol;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Client;

public sealed class StreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TrainyardClientOptions Quick = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_003)]
    public async Task A_stream_gets_the_file(int size)
    {
        await using var server = new FakeServer();
        server.Add("a/b", Random(size));
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        using var got = new MemoryStream();
        var result = await client.DownloadAsync("a/b", got, cancellationToken: Stop);
        Assert.Equal(server.Files["a/b"].Content, got.ToArray());
        Assert.Equal((size, size, 0), (result.Size, result.Moved, result.Reconnects));
        Assert.Equal(Convert.ToHexStringLower(FakeServer.Digest(HashAlgorithm.Xxh128, got.ToArray())), result.Digest);
    }

    [Fact]
    public async Task A_broken_download_goes_on_behind_what_was_written()
    {
        await using var server = new FakeServer();
        server.Add("f", Random(3_000_000));
        foreach (var cut in (long[])[1_000_000, 50, 300_000, 10])
            server.BreakAfter.Enqueue(cut);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        using var got = new MemoryStream();
        var result = await client.DownloadAsync("f", got, cancellationToken: Stop);
        Assert.Equal(server.Files["f"].Content, got.ToArray());
        Assert.Equal(3_000_000, result.Moved);
        Assert.True(result.Reconnects >= 2);
    }

    [Fact]
    public async Task A_file_that_changes_between_two_tries_is_never_stitched()
    {
        await using var server = new FakeServer();
        server.Add("f", Random(1_000_000));
        server.BreakAfter.Enqueue(500_000);
        server.Before = request =>
        {
            if (request is Message.Get { Range.Offset: > 0 })
                server.Add("f", Random(1_000_000));
        };
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var failure = await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("f", new MemoryStream(), cancellationToken: Stop));
        Assert.Equal(TransferFailure.Changed, failure.Reason);
    }

    [Fact]
    public async Task A_flipped_bit_is_a_failure()
    {
        await using var server = new FakeServer();
        server.Add("f", Random(1_000_000));
        server.FlipAt.Enqueue(500_000);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var failure = await Assert.ThrowsAsync<TransferException>(() => client.DownloadAsync("f", new MemoryStream(), cancellationToken: Stop));
        Assert.Equal(TransferFailure.Integrity, failure.Reason);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(100_000, true)]
    [InlineData(3_000_000, true)]
    [InlineData(3_000_000, false)]
    public async Task A_stream_is_uploaded(int size, bool canSeek)
    {
        await using var server = new FakeServer();
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var content = Random(size);
        using Stream source = canSeek ? new MemoryStream(content) : new OneWayStream(content);
        var result = await client.UploadAsync(source, "up", new() { Mode = 0x180 }, cancellationToken: Stop);
        Assert.Equal(content, server.Files["up"].Content);
        Assert.Equal(0x180, server.Files["up"].Mode);
        Assert.Equal(size, result.Size);
    }

    [Fact]
    public async Task A_broken_upload_goes_on_where_the_server_stands()
    {
        await using var server = new FakeServer();
        server.BreakAfter.Enqueue(1_000_000);
        server.BreakAfter.Enqueue(700_000);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var content = Random(3_000_000);
        var result = await client.UploadAsync(new MemoryStream(content), "up", cancellationToken: Stop);
        Assert.Equal(content, server.Files["up"].Content);
        // One more where the client is back before the server has noticed the break.
        Assert.InRange(result.Reconnects, 2, 4);
    }

    [Fact]
    public async Task A_stream_that_cannot_go_back_fails_when_the_connection_breaks()
    {
        await using var server = new FakeServer();
        server.BreakAfter.Enqueue(1_000_000);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        var failure = await Assert.ThrowsAsync<TransferException>(() => client.UploadAsync(new OneWayStream(Random(3_000_000)), "up", cancellationToken: Stop));
        Assert.Equal(TransferFailure.Interrupted, failure.Reason);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_ends_it_and_leaves_the_session()
    {
        await using var server = new FakeServer { Refuse = static request => request is Message.Put ? Failure.Of(ErrorCode.NoSpace) : null };
        await using var client = await TrainyardClient.ConnectAsync(server.Address, Quick, Stop);
        foreach (var size in (int[])[1000, 3_000_000])
        {
            var failure = await Assert.ThrowsAsync<TransferException>(() => client.UploadAsync(new MemoryStream(Random(size)), "up", cancellationToken: Stop));
            Assert.Equal(TransferFailure.NoSpace, failure.Reason);
        }
        Assert.Equal(1, server.Connections);
        await client.PingAsync(Stop);
    }

    internal static byte[] Random(int size)
    {
        var content = new byte[size];
        System.Random.Shared.NextBytes(content);
        return content;
    }

    private sealed class OneWayStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
