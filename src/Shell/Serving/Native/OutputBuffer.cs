using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What is to be sent next on a connection: answers gather here, so that many small ones leave in one call. Holds no memory while there is nothing.</summary>
internal sealed class OutputBuffer : IDisposable
{
    private const int Least = 4096;

    private byte[] _array = [];
    private int _start;
    private int _end;

    /// <summary>Bytes that wait.</summary>
    public int Count => _end - _start;

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Commit(bytes.Length);
    }

    /// <summary>Room for more bytes, which count once they are committed.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_array.Length - _end < count)
            Grow(count);
        return _array.AsSpan(_end, count);
    }

    /// <summary>The first bytes of what was reserved are to be sent.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Sends what the connection takes.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="more">Whether other bytes follow at once, so that the kernel waits for them before it sends a short segment (MSG_MORE, send(2)).</param>
    /// <returns>How many bytes left; or would block, broken pipe, ...</returns>
    public IoResult Flush(Descriptor socket, bool more)
    {
        var total = 0L;
        while (Count > 0)
        {
            var sent = Libc.Send(socket, _array.AsSpan(_start, Count), more ? MessageFlags.More : MessageFlags.None);
            if (!sent.IsOk)
                return new(total, sent.Error);
            total += sent.Count;
            _start += (int)sent.Count;
        }
        Dispose();
        return new(total, Errno.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        (_start, _end) = (0, 0);
    }

    private void Grow(int count)
    {
        var array = ArrayPool<byte>.Shared.Rent(Math.Max(Least, (Count + count) * 2));
        var kept = Count;
        _array.AsSpan(_start, kept).CopyTo(array);
        Dispose();
        (_array, _end) = (array, kept);
    }
}
