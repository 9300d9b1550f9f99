namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>Bytes in a row, never more than its capacity: what one side has read and not used, or has not yet sent.</summary>
internal sealed class ByteQueue(int capacity)
{
    private byte[] _bytes = new byte[Math.Min(capacity, 512)];
    private int _from;
    private int _to;

    internal int Length => _to - _from;

    internal int Free => capacity - Length;

    internal ReadOnlySpan<byte> Span => _bytes.AsSpan(_from, Length);

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Free)
            throw new InvalidOperationException($"{bytes.Length} bytes into room for {Free}");
        if (_to + bytes.Length > _bytes.Length)
        {
            var grown = new byte[Math.Max(2 * Length, Length + bytes.Length)];
            Span.CopyTo(grown);
            (_bytes, _from, _to) = (grown, 0, Length);
        }
        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
    }

    internal void Consume(int count) => _from += count;
}
