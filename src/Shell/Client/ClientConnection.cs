using System.Net;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>
/// A client's connection: the calls look blocking to their caller, and every wait ends with readiness, the time limit or cancellation.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly EventDescriptor _cancelled = Libc.CreateEvent();
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _cancellation;
    private readonly TimeSpan? _noProgressLimit;
    private readonly IPEndPoint _server;

    private ClientConnection(SocketDescriptor socket, TextbookClientOptions options, CancellationToken cancellation)
    {
        Socket = socket;
        _server = options.Server;
        _noProgressLimit = options.NoProgressLimit;
        _cancellation = cancellation;
        _registration = cancellation.Register(() => Libc.SignalEvent(_cancelled));
    }

    /// <summary>The descriptor, non-blocking.</summary>
    public SocketDescriptor Socket { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="TransferException">The server cannot be reached in time.</exception>
    public static ClientConnection Open(TextbookClientOptions options, CancellationToken cancellation)
    {
        var begun = Libc.BeginConnect(options.Server);
        if (!begun.IsOk)
            throw Unreachable(options.Server, begun.Error);
        var connection = new ClientConnection(begun.Descriptor, options, cancellation);
        try
        {
            connection.Wait(PollEvents.Writable, options.ConnectLimit, TransferFailure.Connect, "did not answer");
            // A refused connection is ECONNREFUSED; a reset one was made and then lost, which receiving tells as the end of the stream.
            if (Libc.TakeError(begun.Descriptor) is var error and not (Errno.None or Errno.ConnectionReset))
                throw Unreachable(options.Server, error);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Receives at least one byte, or learns why there is none.</summary>
    /// <exception cref="TransferException">Nothing came for longer than the limit.</exception>
    public IoResult Receive(Span<byte> buffer)
    {
        while (true)
        {
            var result = Libc.Receive(Socket, buffer);
            if (!result.WouldBlock)
                return result;
            WaitReadable();
        }
    }

    /// <summary>Waits until something can be received.</summary>
    /// <exception cref="TransferException">Nothing came for longer than the limit.</exception>
    public void WaitReadable() => Wait(PollEvents.Readable, _noProgressLimit, TransferFailure.Timeout, "sent nothing");

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        Socket.Dispose();
        _cancelled.Dispose();
    }

    private void Wait(PollEvents interest, TimeSpan? limit, TransferFailure failure, string what)
    {
        var timeoutMs = limit is { } time ? (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue) : -1;
        var (ready, cancelled) = Libc.Poll(Socket, interest, _cancelled, PollEvents.Readable, timeoutMs);
        if (cancelled != PollEvents.None)
            _cancellation.ThrowIfCancellationRequested();
        if (ready == PollEvents.None && cancelled == PollEvents.None)
            throw new TransferException(failure, $"{_server} {what} for {limit?.TotalSeconds:0.###} seconds");
    }

    private static TransferException Unreachable(IPEndPoint server, Errno error) =>
        new(TransferFailure.Connect, $"cannot connect to {server}: {ErrnoText.Describe(error)}");
}
