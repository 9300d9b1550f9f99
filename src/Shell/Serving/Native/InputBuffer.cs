using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What has come on a connection and was not used yet. Holds no memory while there is nothing.</summary>
/// <remarks>
/// Where another worker may have to go on, bytes are only looked at (MSG_PEEK, recv(2)), and taken out of the socket when they have been used and that is in
/// the journal: what a worker that dies had not used, the next one finds there. Since a socket with a part of an item stays readable, whoever waits for it must
/// ask for changes only (EPOLLET, epoll(7)).
/// </remarks>
/// <param name="isLookedAt">Whether bytes are only looked at.</param>
internal sealed class InputBuffer(bool isLookedAt) : IDisposable
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private long _owed;
    private bool _isEmptied;
    private bool _mayEnd;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>How many there are.</summary>
    public int Count => _end - _start;

    /// <summary>The first bytes have been used.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (isLookedAt)
            _owed += count;
        if (_start == _end)
            Release();
    }

    /// <summary>So many bytes that wait in the socket have been used by another.</summary>
    public void Owe(long count) => _owed += count;

    /// <summary>The peer has said that nothing more comes, so that the end has to be looked for.</summary>
    public void ExpectEnd() => _mayEnd = true;

    /// <summary>Whether <see cref="Receive"/> would take bytes out of the socket that have been used: the journal must say so before.</summary>
    public bool WouldTake => _owed > 0;

    /// <summary>Takes what was used out of the socket. The journal says so by now.</summary>
    /// <returns>Whether nothing of it is left.</returns>
    public bool TakeUsed(Descriptor socket)
    {
        if (_owed > 0 && Libc.Discard(socket, _owed) is { IsOk: true, Count: var taken })
            _owed -= taken;
        return _owed == 0;
    }

    /// <summary>Takes, or looks at, what has come.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="most">About how many bytes at once; more where what is kept is longer.</param>
    /// <param name="isStream">
    /// Whether much is to come. If not, and the last call saw all that was there, the socket is not asked again at once: whoever waits for it is told if there is
    /// more, and most of the time there is not.
    /// </param>
    /// <returns>How many bytes have come, 0 at the end of the stream; or would block, connection reset, ...</returns>
    public IoResult Receive(Descriptor socket, int most, bool isStream)
    {
        if (WouldTake && !TakeUsed(socket))
            return new(0, Libc.TakeError(socket) is var error and not Errno.None ? error : Errno.ConnectionReset);
        if (_isEmptied && !_mayEnd && !isStream && Count == 0)
        {
            _isEmptied = false;
            return new(0, Errno.WouldBlock);
        }
        var received = isLookedAt ? Look(socket, most) : Take(socket, most);
        _isEmptied = _end < _array.Length;
        if (Count == 0)
            Release();
        return received;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private IoResult Take(Descriptor socket, int most)
    {
        MakeRoom(most);
        var received = Libc.Receive(socket, _array.AsSpan(_end));
        _end += received.IsOk ? (int)received.Count : 0;
        return received;
    }

    // What is kept is the first that waits in the socket: it is looked at again, with what has come behind it.
    private IoResult Look(Descriptor socket, int most)
    {
        var kept = Count;
        MakeRoom(Math.Max(most, kept * 2));
        var seen = Libc.Receive(socket, _array, MessageFlags.Peek);
        if (!seen.IsOk)
            return seen;
        (_start, _end) = (0, (int)seen.Count);
        if (seen.Count > kept)
            return new(seen.Count - kept, Errno.None);
        var hasEnded = kept == 0 || Libc.Poll(socket, PollEvents.PeerClosedWriting, 0) != PollEvents.None;
        return new(0, hasEnded ? Errno.None : Errno.WouldBlock);
    }

    // An item that is not whole yet is never longer than a control train, so that doubling ends there.
    private void MakeRoom(int most)
    {
        var wanted = Math.Max(most, Count * 2);
        if (_array.Length - _end >= wanted / 2 && _array.Length >= most)
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
