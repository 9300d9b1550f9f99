using System.Diagnostics;
using System.IO.Hashing;
using System.Net.Sockets;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>
/// The client's side of an echo. Reading, sending and receiving wait side by side but are handled one after the other, so that neither a
/// server that waits for its answer to be taken nor a person who types slowly stops the rest.
/// </summary>
internal sealed class Echo
{
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _socket;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly XxHash128 _sentDigest = new();
    private readonly XxHash128 _returnedDigest = new();
    private readonly byte[] _outgoing = new byte[BufferBytes];
    private readonly byte[] _incoming = new byte[BufferBytes];
    private EchoReceiverState _state;

    private Echo(Socket socket, Stream input, Stream output)
    {
        _socket = socket;
        _input = input;
        _output = output;
    }

    /// <summary>Runs one echo to its end.</summary>
    public static async Task<EchoResult> RunAsync(TextbookClientOptions options, Stream input, Stream output, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var socket = new Socket(options.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await ConnectAsync(socket, options, cancellation).ConfigureAwait(false);
        var echo = new Echo(socket, input, output);
        await echo.PumpAsync(options, cancellation).ConfigureAwait(false);
        return echo._state.Outcome is EchoReceiverOutcome.Completed(var bytes)
            ? new EchoResult(bytes, Stopwatch.GetElapsedTime(began))
            : throw Failure(options, echo._state.Outcome!);
    }

    private static async Task ConnectAsync(Socket socket, TextbookClientOptions options, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.ConnectLimit < TimeSpan.FromDays(1))
            limit.CancelAfter(options.ConnectLimit);
        try
        {
            await socket.ConnectAsync(options.Server, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransferException(
                TransferFailure.Connect, $"{options.Server} did not answer for {options.ConnectLimit.TotalSeconds:0.###} seconds");
        }
        catch (SocketException e)
        {
            throw new TransferException(TransferFailure.Connect, $"cannot connect to {options.Server}: {e.Message}", e);
        }
    }

    private async Task PumpAsync(TextbookClientOptions options, CancellationToken cancellation)
    {
        Task<int>? reading = _input.ReadAsync(_outgoing, cancellation).AsTask();
        Task? sending = null;
        var receiving = ReceiveAsync(cancellation);
        while (_state.Outcome is null)
        {
            var moved = await WhenAnyMoves([reading, sending, receiving], options, cancellation).ConfigureAwait(false);
            if (moved is null)
                Step(new EchoReceiverEvent.Stalled(options.NoProgressLimit!.Value));
            else if (moved == receiving)
                receiving = await TakeAsync(await receiving.ConfigureAwait(false), receiving, cancellation).ConfigureAwait(false);
            else if (moved == reading)
                (reading, sending) = (null, Send(await reading!.ConfigureAwait(false), cancellation));
            else if (moved == sending)
                (reading, sending) = (await SentAsync(sending!, cancellation).ConfigureAwait(false), null);
        }
    }

    // Only the server can stand still; a person at the keyboard may take any time.
    private async Task<Task?> WhenAnyMoves(Task?[] tasks, TextbookClientOptions options, CancellationToken cancellation)
    {
        var waiting = Task.WhenAny(tasks.OfType<Task>());
        var limit = _state.Returned < _state.Sent || _state.SendingClosed ? options.NoProgressLimit : null;
        try
        {
            return limit is { } time
                ? await waiting.WaitAsync(time, cancellation).ConfigureAwait(false)
                : await waiting.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Task? Send(int count, CancellationToken cancellation)
    {
        if (count == 0)
        {
            Step(new EchoReceiverEvent.SendingClosed());
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The connection is broken already, which the pending receive is about to say.
            }
            return null;
        }
        // Counted first: it may come back before the call that sent it returns.
        _sentDigest.Append(_outgoing.AsSpan(0, count));
        Step(new EchoReceiverEvent.Sent(count));
        return SendAllAsync(count, cancellation);
    }

    private async Task SendAllAsync(int count, CancellationToken cancellation)
    {
        for (var sent = 0; sent < count;)
            sent += await _socket.SendAsync(_outgoing.AsMemory(sent, count - sent), cancellation).ConfigureAwait(false);
    }

    private async Task<Task<int>?> SentAsync(Task sending, CancellationToken cancellation)
    {
        try
        {
            await sending.ConfigureAwait(false);
            return _input.ReadAsync(_outgoing, cancellation).AsTask();
        }
        catch (SocketException e)
        {
            Step(new EchoReceiverEvent.ConnectionLost(e.NativeErrorCode));
            return null;
        }
    }

    private async Task<int> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            return await _socket.ReceiveAsync(_incoming.AsMemory(), cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            return -e.NativeErrorCode;
        }
    }

    private async Task<Task<int>> TakeAsync(int count, Task<int> receiving, CancellationToken cancellation)
    {
        if (count <= 0)
        {
            Step(count < 0
                ? new EchoReceiverEvent.ConnectionLost(-count)
                : new EchoReceiverEvent.EndOfStream(_sentDigest.GetCurrentHashAsUInt128() == _returnedDigest.GetCurrentHashAsUInt128()));
            return receiving;
        }
        _returnedDigest.Append(_incoming.AsSpan(0, count));
        Step(new EchoReceiverEvent.Returned(count));
        await _output.WriteAsync(_incoming.AsMemory(0, count), cancellation).ConfigureAwait(false);
        await _output.FlushAsync(cancellation).ConfigureAwait(false);
        return ReceiveAsync(cancellation);
    }

    private void Step(EchoReceiverEvent ev) => _state = EchoReceiver.Step(_state, ev);

    private static TransferException Failure(TextbookClientOptions options, EchoReceiverOutcome outcome)
    {
        var reason = outcome switch
        {
            EchoReceiverOutcome.Altered or EchoReceiverOutcome.Excess => TransferFailure.Integrity,
            EchoReceiverOutcome.Stalled => TransferFailure.Timeout,
            _ => TransferFailure.Truncated,
        };
        var text = outcome is EchoReceiverOutcome.ConnectionLost(var errno)
            ? $"the connection broke: {ErrnoText.Describe((Errno)errno)}"
            : TextbookErrorText.Sentence(outcome);
        return new TransferException(reason, $"{options.Server}: {text}");
    }
}
