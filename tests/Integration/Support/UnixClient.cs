using System.Net.Sockets;

namespace Trainyard.Integration.Support;

/// <summary>A client of a Unix socket.</summary>
internal sealed class UnixClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public UnixClient(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        Stream = new NetworkStream(_socket);
    }

    /// <summary>The connection.</summary>
    public NetworkStream Stream { get; }

    /// <summary>Sends one byte, and reads the line that comes back.</summary>
    public async Task<string> AskAsync(char what)
    {
        Stream.WriteByte((byte)what);
        using var reader = new StreamReader(Stream, leaveOpen: true);
        return await reader.ReadLineAsync() ?? "";
    }

    public void Dispose()
    {
        Stream.Dispose();
        _socket.Dispose();
    }
}
