using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What has come on a connection and was not used yet. Holds no memory while there is nothing.</summary>
/// <remarks>
/// Where another worker may have to go on, requests are taken out of the socket into the journal itself. What is too much for it, the bytes of uploads, is only
/// looked at (MSG_PEEK, recv(2)), and taken when it has been used and that is in the journal: what a worker that dies had not used, the next one finds in the
/// socket. A part of an item that has to wait for its rest is taken too, with the journal
/// holding it: left in the socket it would keep the socket readable, and the kernel's memory for all that came with it, until the peer may send nothing more.
/// </remarks>
/// <param name="isLookedAt">Whether bytes are only looked at.</param>
internal sealed class InputBuffer(bool isLookedAt) : IDisposable
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private int _held;
    private long _owed;
    private bool _isEmptied;
    private bool _hasLooked;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>How many there are.</summary>
    public int Count => _end - _start;

    /// <summary>Whether the peer is known to have ended its stream behind what is here.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether the socket has bytes that were used, or that are here. <see cref="Receive"/> takes them: the journal must hold them before.</summary>
    public bool WouldTake => _owed > 0 || isLookedAt && Count > _held;

    /// <summary>The first bytes have been used.</summary>
    public void Consume(int count)
    {
        _start += count;
        var held = Math.Min(count, _held);
        _held -= held;
        if (isLookedAt)
            _owed += count - held;
        if (_start == _end)
            Release();
    }

    /// <summary>Goes on where another has stopped.</summary>
    /// <param name="held">What it had taken and not used.</param>
    /// <param name="used">How many bytes behind those that it had used, or is said here to hold, still wait in the socket.</param>
    public void Restore(ReadOnlySpan<byte> held, long used)
    {
        _owed = used;
        if (held.IsEmpty)
            return;
        MakeRoom(2 * held.Length);
        held.CopyTo(_array.AsSpan(_end));
        (_end, _held) = (_end + held.Length, _held + held.Length);
    }

    /// <summary>Takes what was used, and what is here, out of the socket.</summary>
    /// <returns>Whether nothing of it is left.</returns>
    public bool TakeUsed(Descriptor socket)
    {
        if (!WouldTake)
            return true;
        var wanted = _owed + Count - _held;
        if (Libc.Discard(socket, wanted) is not { IsOk: true, Count: var taken } || taken != wanted)
            return false;
        (_owed, _held) = (0, Count);
        return true;
    }

    /// <summary>
    /// Looks, once in a connection's life, whether the peer has ended its stream behind what it has asked: then nothing has to be waited for, and the end of our stream
    /// can leave together with the answers.
    /// </summary>
    public bool LookForEnd(Descriptor socket)
    {
        if (_hasLooked)
            return IsAtEnd;
        _hasLooked = true;
        Span<byte> next = stackalloc byte[1];
        var received = Libc.Receive(socket, next, MessageFlags.Peek);
        _isEmptied &= received.WouldBlock;
        return IsAtEnd = received is { IsOk: true, Count: 0 };
    }

    /// <summary>Takes, or looks at, what has come.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="most">About how many bytes at once; more where what is kept is longer.</param>
    /// <param name="landing">Where they are taken to first; empty for nowhere.</param>
    /// <param name="isStream">
    /// Whether much is to come. If not, and the last call saw all that was there, the socket is not asked again at once: whoever waits for it is told if there is
    /// more, and most of the time there is not.
    /// </param>
    /// <returns>How many bytes have come, 0 at the end of the stream; or would block, connection reset, ...</returns>
    public IoResult Receive(Descriptor socket, int most, Span<byte> landing, bool isStream)
    {
        if (_isEmptied && !isStream)
        {
            _isEmptied = false;
            return new(0, Errno.WouldBlock);
        }
        var received = landing.IsEmpty ? Peek(socket, most) : Take(socket, landing);
        IsAtEnd |= received is { IsOk: true, Count: 0 };
        return received;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private IoResult Peek(Descriptor socket, int most)
    {
        MakeRoom(most);
        var received = Libc.Receive(socket, _array.AsSpan(_end), isLookedAt ? MessageFlags.Peek : MessageFlags.None);
        _end += received.IsOk ? (int)received.Count : 0;
        // Whoever was told to wait has to look again when there is something.
        _isEmptied = received is { IsOk: true, Count: > 0 } && _end < _array.Length;
        if (Count == 0)
            Release();
        return received;
    }

    private IoResult Take(Descriptor socket, Span<byte> landing)
    {
        var received = Libc.Receive(socket, landing);
        if (received is not { IsOk: true, Count: > 0 and var count })
            return received;
        MakeRoom(2 * (int)count);
        landing[..(int)count].CopyTo(_array.AsSpan(_end));
        _end += (int)count;
        _held += (int)count;
        _isEmptied = count < landing.Length;
        return received;
    }

    // Room for half of so many at least. An item that is not whole yet is never longer than a control train, so that doubling ends there.
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
