using System.Net;
using System.Net.Sockets;
using Trainyard.Core.Protocol;
using Trainyard.Shell;
using Trainyard.Shell.Client.Native;
using Xunit;

namespace Trainyard.Integration.Client;

public sealed class ConnectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_there_is_told_at_once()
    {
        // Bound and not listening: nobody else gets the port.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = TrainAddress.Of((IPEndPoint)socket.LocalEndPoint!);
        // Patience that the test does not have, if the connection were tried again.
        var options = new TrainyardClientOptions { FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(1) };
        var failure = await Assert.ThrowsAsync<TransferException>(() => TrainyardClient.ConnectAsync(address, options, Stop));
        Assert.Equal(TransferFailure.Connect, failure.Reason);
        failure = await Assert.ThrowsAsync<TransferException>(() => TrainyardClient.ConnectAsync(TrainAddress.Parse("train+unix:///no/such.sock"), options, Stop));
        Assert.Equal(TransferFailure.Connect, failure.Reason);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_timeout_and_one_that_speaks_otherwise_is_no_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = TrainAddress.Of((IPEndPoint)listener.LocalEndpoint);
        var options = new TrainyardClientOptions { Retries = 0, ConnectLimit = TimeSpan.FromMilliseconds(50) };
        var failure = await Assert.ThrowsAsync<TransferException>(() => TrainyardClient.ConnectAsync(address, options, Stop));
        Assert.Equal(TransferFailure.Timeout, failure.Reason);
        using var first = await listener.AcceptSocketAsync(Stop);
        var connecting = TrainyardClient.ConnectAsync(address, options with { ConnectLimit = TimeSpan.FromMinutes(1) }, Stop);
        using var second = await listener.AcceptSocketAsync(Stop);
        await second.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Stop);
        failure = await Assert.ThrowsAsync<TransferException>(() => connecting);
        Assert.Equal(TransferFailure.Protocol, failure.Reason);
    }

    [Fact]
    public async Task A_busy_server_is_tried_again_when_it_says()
    {
        var refusals = 2;
        await using var server = new FakeServer();
        server.Refuse = _ => refusals-- > 0 ? new Failure(ErrorCode.Busy, "", true, 20) : null;
        server.Add("f", [1]);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, new() { FirstDelay = TimeSpan.Zero }, Stop);
        await client.StatAsync("f", Stop);
        refusals = 1000;
        var failure = await Assert.ThrowsAsync<TransferException>(() => client.StatAsync("f", Stop));
        Assert.Equal((TransferFailure.Busy, TimeSpan.FromMilliseconds(20)), (failure.Reason, failure.RetryAfter));
        Assert.Equal(1000 - 6, refusals);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(50_000_000)]
    [InlineData(20_000_000_000)]
    public void A_limit_holds_all_together_to_the_rate(long rate)
    {
        var clock = new Clock();
        var limit = new RateLimit(rate, clock);
        var began = clock.Now;
        long moved = 0;
        while (clock.Now - began < TimeSpan.FromSeconds(10))
        {
            moved += limit.Piece;
            clock.Now += limit.Moved(limit.Piece) + TimeSpan.FromTicks(1);
        }
        // Ten seconds' worth, and the part of a second that may go at once.
        Assert.InRange(moved, rate * 9.9 * 0.99, rate * 10.5);
    }

    [Fact]
    public async Task A_download_within_a_limit_is_whole()
    {
        await using var server = new FakeServer();
        server.Add("f", StreamTests.Random(500_000));
        await using var client = await TrainyardClient.ConnectAsync(server.Address, new() { BytesPerSecond = 2_000_000 }, Stop);
        using var got = new MemoryStream();
        await client.DownloadAsync("f", got, cancellationToken: Stop);
        Assert.Equal(server.Files["f"].Content, got.ToArray());
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_and_the_client_goes_on()
    {
        await using var server = new FakeServer();
        server.Add("f", StreamTests.Random(1_000_000));
        await using var client = await TrainyardClient.ConnectAsync(server.Address, new() { BytesPerSecond = 100_000 }, Stop);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.DownloadAsync("f", Stream.Null, cancellationToken: cancel.Token));
        await client.PingAsync(Stop);
    }

    [Fact]
    public async Task A_listing_that_is_left_in_the_middle_or_broken_off_is_mended()
    {
        await using var server = new FakeServer();
        for (var i = 0; i < 100; i++)
            server.Add($"{i:000}", [1]);
        server.BreakAfter.Enqueue(1500);
        await using var client = await TrainyardClient.ConnectAsync(server.Address, new() { FirstDelay = TimeSpan.Zero }, Stop);
        var names = new List<string>();
        await foreach (var entry in client.ListAsync(TrainPath.Root, cancellationToken: Stop))
            names.Add(entry.Path.Display);
        Assert.Equal(server.Files.Keys, names);
        await foreach (var entry in client.ListAsync(TrainPath.Root, cancellationToken: Stop))
            if (entry.Path == "003")
                break;
        await client.PingAsync(Stop);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
