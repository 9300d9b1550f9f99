using System.Net.Sockets;
using Trainyard.Core.Control;

namespace Trainyard.Shell.Control;

/// <summary>Asks a running server through its control socket. Thread-safe; every request is a connection of its own.</summary>
/// <param name="path">The socket.</param>
public sealed class ControlClient(string path)
{
    private const int LongestAnswer = 16 * 1024 * 1024;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>The socket.</summary>
    public string Path { get; } = path;

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="request">What.</param>
    /// <param name="wait">Whether the answer comes when it is done, however long that takes, and not when it has begun.</param>
    /// <param name="cancellation">Ends the waiting; the server goes on with what it was asked.</param>
    /// <exception cref="TransferException">
    /// No server listens, or it may not be asked by this user (<see cref="TransferFailure.Connect"/>); it ended without an answer
    /// (<see cref="TransferFailure.Truncated"/>), does not answer (<see cref="TransferFailure.Timeout"/>), or not in our language
    /// (<see cref="TransferFailure.Protocol"/>).
    /// </exception>
    public async Task<ControlAnswer> AskAsync(ControlRequest request, bool wait, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!wait || request is ControlRequest.Status)
            limit.CancelAfter(AnswerWithin);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await ConnectAsync(socket, limit.Token).ConfigureAwait(false);
            await SendAsync(socket, ControlCodec.Line(request, wait), limit.Token).ConfigureAwait(false);
            return ControlCodec.ReadAnswer(await ReceiveAsync(socket, limit.Token).ConfigureAwait(false))
                ?? throw new TransferException(TransferFailure.Protocol, $"the server behind {Path} answers something that is no answer");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransferException(TransferFailure.Timeout, $"the server behind {Path} does not answer");
        }
        catch (SocketException e)
        {
            throw new TransferException(TransferFailure.Truncated, $"the server behind {Path} went away: {e.Message}", e);
        }
    }

    /// <summary>Whether somebody listens behind the name.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken cancellation)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await ConnectAsync(socket, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TransferException)
        {
            return false;
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new TransferException(TransferFailure.Connect, $"no server can be asked through {Path}: {WhyNot(e)}", e);
        }
        catch (ArgumentException e)
        {
            throw new TransferException(TransferFailure.Connect, $"{Path} cannot be a socket's name: it is empty or too long", e);
        }
    }

    // The runtime has no name of its own for what a Unix socket's name can lack.
    private static string WhyNot(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable => "there is no such socket",
        SocketError.ConnectionRefused => "nobody listens behind it any more",
        SocketError.AccessDenied => "it is another user's",
        _ => e.Message,
    };

    private static async Task SendAsync(Socket socket, byte[] line, CancellationToken cancellation)
    {
        for (var sent = 0; sent < line.Length;)
            sent += await socket.SendAsync(line.AsMemory(sent), cancellation).ConfigureAwait(false);
    }

    private async Task<byte[]> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            if (count == 0)
                throw new TransferException(TransferFailure.Truncated, $"the server behind {Path} went away without an answer");
            var end = buffer.AsSpan(0, count).IndexOf((byte)'\n');
            answer.Write(buffer, 0, end < 0 ? count : end);
            if (end >= 0)
                return answer.ToArray();
            if (answer.Length > LongestAnswer)
                throw new TransferException(TransferFailure.Protocol, $"the server behind {Path} answers without an end");
        }
    }
}
