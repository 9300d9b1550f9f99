using System.Net;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Support;

/// <summary>A TCP connection through the loopback interface, both ends non-blocking.</summary>
internal sealed class Loopback : IDisposable
{
    public Loopback()
    {
        using var listener = Libc.Listen(new(IPAddress.Loopback, 0), backlog: 1, onlyIPv6: false).OrThrow("listen");
        Client = Libc.BeginConnect(Libc.LocalEndPoint(listener)!).OrThrow("connect");
        Assert.Equal(PollEvents.Readable, Libc.Poll(listener, PollEvents.Readable, 60_000));
        Server = Libc.Accept(listener).Socket!;
        Assert.Equal(PollEvents.Writable, Libc.Poll(Client, PollEvents.Writable, 60_000));
        Assert.Equal(Errno.None, Libc.TakeError(Client));
    }

    public SocketDescriptor Client { get; }

    public SocketDescriptor Server { get; }

    /// <summary>Receives exactly so many bytes.</summary>
    public static byte[] Receive(SocketDescriptor socket, int count)
    {
        var buffer = new byte[count];
        for (var received = 0; received < count;)
        {
            Assert.NotEqual(PollEvents.None, Libc.Poll(socket, PollEvents.Readable, 60_000));
            var arrived = Libc.Receive(socket, buffer.AsSpan(received));
            Assert.True(arrived.IsOk && arrived.Count > 0, $"{received} of {count} bytes, then {arrived}");
            received += (int)arrived.Count;
        }
        return buffer;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
