using System.Net.Sockets;

namespace Trainyard.Integration.Client;

/// <summary>A connection of the fake server, which breaks and flips a bit where it was told to.</summary>
internal sealed class FakeWire(Socket socket, long breakAfter, long flipAt) : IDisposable
{
    private long _left = breakAfter;
    private long _sent;

    public async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        var count = await socket.ReceiveAsync(buffer);
        Count(count);
        return count;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var copy = bytes.ToArray();
        if (flipAt >= _sent && flipAt < _sent + copy.Length)
            copy[flipAt - _sent] ^= 0x10;
        var whole = (int)Math.Min(copy.Length, Math.Max(0, _left));
        for (var at = 0; at < whole;)
            at += await socket.SendAsync(copy.AsMemory(at, whole - at));
        _sent += whole;
        Count(copy.Length);
    }

    // In order where nothing is unread: a reset would also take back what was sent before.
    public void Dispose() => socket.Dispose();

    private void Count(int bytes)
    {
        _left -= bytes;
        if (_left > 0)
            return;
        socket.Shutdown(SocketShutdown.Both);
        throw new EndOfStreamException();
    }
}
