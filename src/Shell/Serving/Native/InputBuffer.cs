using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What has come on a connection and was not used yet. Holds no memory while there is nothing.</summary>
internal sealed class InputBuffer : IDisposable
{
    private byte[] _array = [];
    private int _start;
    private int _end;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>How many there are.</summary>
    public int Count => _end - _start;

    /// <summary>The first bytes have been used.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            Release();
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="most">About how many bytes to take at once; more where what is kept is longer.</param>
    public IoResult Receive(Descriptor socket, int most)
    {
        MakeRoom(most);
        var received = Libc.Receive(socket, _array.AsSpan(_end));
        _end += received.IsOk ? (int)received.Count : 0;
        if (Count == 0)
            Release();
        return received;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    // An item that is not whole yet is never longer than a control train, so that doubling ends there.
    private void MakeRoom(int most)
    {
        var wanted = Math.Max(most, Count * 2);
        if (_array.Length - _end >= wanted / 2 && _array.Length > 0)
            return;
        var kept = Unread;
        var array = _array.Length >= wanted ? _array : ArrayPool<byte>.Shared.Rent(wanted);
        kept.CopyTo(array);
        (_start, _end) = (0, kept.Length);
        if (!ReferenceEquals(array, _array))
        {
            Return();
            _array = array;
        }
    }

    private void Release()
    {
        Return();
        _array = [];
        (_start, _end) = (0, 0);
    }

    private void Return()
    {
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
    }
}
