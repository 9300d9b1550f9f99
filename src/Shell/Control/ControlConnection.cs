using Trainyard.Core.Control;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Control;

/// <summary>One operator's connection: a line in, a line out, in bounded memory, without waiting.</summary>
internal sealed class ControlConnection(ulong number, SocketDescriptor socket, DateTimeOffset now) : IDisposable
{
    private readonly byte[] _incoming = new byte[ControlProtocol.MaximumLineBytes];
    private RequestLine _line;
    private byte[] _outgoing = [];
    private int _sent;

    /// <summary>Its token, counted from 1.</summary>
    public ulong Number { get; } = number;

    /// <summary>The descriptor, to wait for.</summary>
    public SocketDescriptor Socket { get; } = socket;

    /// <summary>When it last began something: to exist, or to be answered.</summary>
    public DateTimeOffset Since { get; private set; } = now;

    /// <summary>Whether its request is not complete yet.</summary>
    public bool IsAsking => !_line.IsComplete && !IsAnswered;

    /// <summary>Whether there is an answer, sent or not.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The request's line, where it is complete.</summary>
    public ReadOnlySpan<byte> Line => _incoming.AsSpan(0, _line.Length);

    /// <summary>Takes what has come of the request.</summary>
    public ControlReading Read()
    {
        while (true)
        {
            // One byte of room is left in any incomplete line, so nothing received means the stream's end.
            var received = Libc.Receive(Socket, _incoming.AsSpan(_line.Length));
            if (received.WouldBlock)
                return new ControlReading.Incomplete();
            if (!received.IsOk)
                return new ControlReading.Gone();
            if (received.Count == 0)
                return _line.End() is { } half ? new ControlReading.Wrong(half) : new ControlReading.Gone();
            var read = _line.Add(_incoming.AsSpan(_line.Length, (int)received.Count)).MatchUnsafe<ControlReading?>(
                Right: line =>
                {
                    _line = line;
                    return line.IsComplete ? new ControlReading.Complete() : null;
                },
                Left: error => new ControlReading.Wrong(error));
            if (read is not null)
                return read;
        }
    }

    /// <summary>Sets the answer; <see cref="Flush"/> sends it.</summary>
    public void Answer(byte[] line, DateTimeOffset at)
    {
        _outgoing = line;
        IsAnswered = true;
        Since = at;
    }

    /// <summary>Sends as much of the answer as the socket takes.</summary>
    /// <returns>Whether nothing is left to be sent, or nobody is left to send it to.</returns>
    public bool Flush()
    {
        while (_sent < _outgoing.Length)
        {
            var sent = Libc.Send(Socket, _outgoing.AsSpan(_sent));
            if (!sent.IsOk)
                return !sent.WouldBlock;
            _sent += (int)sent.Count;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
