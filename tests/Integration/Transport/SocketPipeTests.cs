using System.Buffers;
using System.Net;
using Pipelines.Sockets.Unofficial;
using Trainyard.Core.Framing;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Transport;

/// <summary>Trains over the pipe that a library makes of a socket.</summary>
public sealed class SocketPipeTests
{
    [Fact]
    public async Task A_file_comes_car_by_car()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 100_001);
        await using var server = await RunningServer.StartAsync(1, "trains", cargo);
        var cancellation = TestContext.Current.CancellationToken;

        using var pipe = await SocketConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        await using var trains = new TrainConnection(pipe, maximumLength: 1000);
        var name = await trains.Reader.ReadAsync(cancellation);
        Assert.Equal("cargo"u8, name!.Value.Body.ToArray());
        var got = new ArrayBufferWriter<byte>();
        while (await trains.Reader.ReadAsync(cancellation) is { Body.Length: > 0 } train)
        {
            Assert.Equal(TrainKind.Data, train.Kind);
            foreach (var segment in train.Body)
                got.Write(segment.Span);
        }
        var expected = await File.ReadAllBytesAsync(cargo, cancellation);
        Assert.True(got.WrittenSpan.SequenceEqual(expected));
    }
}
