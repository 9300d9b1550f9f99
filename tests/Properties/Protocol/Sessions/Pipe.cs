namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>What happens to the bytes of one direction.</summary>
/// <param name="CutAt">From which byte on the stream is gone; <c>null</c> for nowhere.</param>
/// <param name="Flips">Which bytes are changed, and which of their bits.</param>
internal sealed record Faults(long? CutAt, params (long At, byte Bits)[] Flips)
{
    internal static Faults None { get; } = new((long?)null);
}

/// <summary>One direction of a connection: bounded, in order, as faithful as its faults allow.</summary>
internal sealed class Pipe(int capacity, Faults faults)
{
    private readonly ByteQueue _queue = new(capacity);
    private bool _isClosed;

    /// <summary>Bytes that were sent, gone or not.</summary>
    internal long Sent { get; private set; }

    /// <summary>Whether the reader has had everything that will ever come.</summary>
    internal bool IsAtEnd => _queue.Length == 0 && (_isClosed || Sent >= faults.CutAt);

    internal void Close() => _isClosed = true;

    internal int Write(ByteQueue from, int most)
    {
        var count = Math.Min(Math.Min(from.Length, most), _queue.Free);
        for (var i = 0; i < count; i++, Sent++)
            if (!(Sent >= faults.CutAt))
                _queue.Append([Damaged(from.Span[i])]);
        from.Consume(count);
        return count;
    }

    internal int Read(ByteQueue to, int most)
    {
        var count = Math.Min(Math.Min(_queue.Length, most), to.Free);
        to.Append(_queue.Span[..count]);
        _queue.Consume(count);
        return count;
    }

    /// <summary>What comes to a reader that has gone.</summary>
    internal int Drop()
    {
        var count = _queue.Length;
        _queue.Consume(count);
        return count;
    }

    private byte Damaged(byte value)
    {
        foreach (var (at, bits) in faults.Flips)
            if (at == Sent)
                value ^= bits;
        return value;
    }
}
