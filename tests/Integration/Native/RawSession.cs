using System.Net;
using System.Net.Sockets;
using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;

namespace Trainyard.Integration.Native;

/// <summary>A client that says what a test wants said, and shows every train that comes back. Blocking.</summary>
internal sealed class RawSession : IDisposable
{
    private readonly Socket _socket;

    private RawSession(Socket socket) => _socket = socket;

    /// <summary>The connection.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects, and says nothing.</summary>
    public static RawSession Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000, SendTimeout = 30_000, NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return new(socket);
    }

    /// <summary>Connects and exchanges hellos.</summary>
    public static RawSession Open(int port)
    {
        var session = Connect(port);
        session.Say(Hello);
        if (session.Read() is not Message.ServerHello)
            throw new InvalidOperationException("no hello");
        return session;
    }

    /// <summary>Connects and exchanges hellos, where the server has room.</summary>
    public static bool TryOpen(int port, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RawSession? session)
    {
        session = Connect(port);
        session.Say(Hello);
        if (session.Read() is Message.ServerHello)
            return true;
        session.Dispose();
        session = null;
        return false;
    }

    /// <summary>A hello that any server of this version takes.</summary>
    public static Message.ClientHello Hello { get; } =
        new(2, 2, SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), default);

    /// <summary>A message as it travels.</summary>
    public static byte[] Train(Message message) =>
        MessageCodec.Encode(message, SessionLimits.MostControl).IfLeft(error => throw new InvalidOperationException(error.ToString()));

    /// <summary>A path.</summary>
    public static RemotePath PathOf(string path) =>
        RemotePath.Create(System.Text.Encoding.UTF8.GetBytes(path)).IfLeft(error => throw new InvalidOperationException(error.ToString()));

    /// <summary>Sends messages, in one call.</summary>
    public void Say(params IEnumerable<Message> messages) => Send([.. messages.SelectMany(Train)]);

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>The next train: a message, or the bytes of a data train; <c>null</c> at the end of the stream.</summary>
    public object? Read()
    {
        var header = new byte[TrainHeader.Size];
        if (!Fill(header))
            return null;
        var decoded = TrainCodec.DecodeHeader(header, TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits))).Header;
        var body = new byte[decoded.Length];
        if (!Fill(body))
            throw new EndOfStreamException("in a train");
        return decoded.Kind == TrainKind.Data
            ? body
            : MessageCodec.DecodeTrain([.. header, .. body], Side.Server, SessionLimits.MostControl)
                .IfLeft(error => throw new InvalidOperationException(error.ToString()));
    }

    /// <summary>The next train, which is an error; what came before it is passed over.</summary>
    public Failure ReadFailure()
    {
        while (true)
        {
            switch (Read())
            {
                case Message.Error(var failure):
                    return failure;
                case null:
                    throw new EndOfStreamException("no error came");
                default:
                    break;
            }
        }
    }

    /// <summary>Reads to the end of the stream.</summary>
    /// <returns>Whether it ended in order; else it was reset.</returns>
    public bool ReadToEnd()
    {
        try
        {
            while (Read() is not null)
                continue;
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Starts a server of a directory.</summary>
    public static Task<RunningServer> ServeAsync(string root, params IEnumerable<string> more) =>
        RunningServer.StartProgramAsync(Programs.Server, ["serve", root, "--listen", "127.0.0.1:0", "--control", "none", .. more]);

    private bool Fill(Span<byte> destination)
    {
        var wanted = destination.Length;
        while (!destination.IsEmpty)
        {
            var count = _socket.Receive(destination);
            if (count == 0)
                return destination.Length == wanted && wanted == TrainHeader.Size ? false : throw new EndOfStreamException("in a train");
            destination = destination[count..];
        }
        return true;
    }
}
