using System.Net.Sockets;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Clients that fetch a small file of the whole dialect over and over, and count how each connection ends.</summary>
internal sealed class ShortClients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private int _whole;
    private int _refused;
    private int _reset;
    private int _wrong;
    private int _other;

    public ShortClients(int port, byte[] file, int threads)
    {
        // What the dialect puts around the file is the same each time, so the first connection tells it.
        var expected = ReadAll(port);
        Assert.True(expected.AsSpan().IndexOf(file) >= 0, "the first client got no whole file");
        for (var i = 0; i < threads; i++)
            _clients.Add(Task.Factory.StartNew(() => Loop(port, expected), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    public int Whole => Volatile.Read(ref _whole);

    public int Bad => Volatile.Read(ref _refused) + Volatile.Read(ref _reset) + Volatile.Read(ref _wrong) + Volatile.Read(ref _other);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public override string ToString() => $"{_whole} whole, {_refused} refused, {_reset} reset, {_wrong} wrong, {_other} other";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static byte[] ReadAll(int port)
    {
        using var client = new TcpClient("127.0.0.1", port);
        using var stream = new MemoryStream();
        client.GetStream().CopyTo(stream);
        return stream.ToArray();
    }

    private void Loop(int port, byte[] expected)
    {
        var buffer = new byte[expected.Length + 1];
        while (!_stop.IsCancellationRequested)
            Interlocked.Increment(ref Fetch(port, expected, buffer));
    }

    private ref int Fetch(int port, byte[] expected, byte[] buffer)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
            socket.Connect("127.0.0.1", port);
            var received = 0;
            while (received < buffer.Length && socket.Receive(buffer.AsSpan(received)) is > 0 and var count)
                received += count;
            if (received == expected.Length && buffer.AsSpan(0, received).SequenceEqual(expected))
                return ref _whole;
            return ref _wrong;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return ref _refused;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return ref _reset;
        }
        catch (SocketException)
        {
            return ref _other;
        }
    }
}
