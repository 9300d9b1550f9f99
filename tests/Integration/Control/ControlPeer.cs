using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Trainyard.Integration.Control;

/// <summary>One connection to a control socket, by somebody who sends what he likes.</summary>
internal sealed class ControlPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ControlPeer(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Sends bytes as they are.</summary>
    public void Send(string text) => _socket.Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends nothing more.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The rest of what the server sends, until it closes the connection.</summary>
    public string ReadToEnd()
    {
        _socket.ReceiveTimeout = 60_000;
        using var received = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            for (int count; (count = _socket.Receive(buffer)) > 0;)
                received.Write(buffer, 0, count);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It closed without having read everything.
        }
        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>Sends a line and reads the answer.</summary>
    public static JsonElement Ask(string path, string line)
    {
        using var peer = new ControlPeer(path);
        peer.Send(line + "\n");
        return JsonElement.Parse(peer.ReadToEnd());
    }

    public void Dispose() => _socket.Dispose();
}
