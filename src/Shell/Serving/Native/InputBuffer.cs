using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What has come on a connection and was not used yet. Holds no memory while there is nothing.</summary>
/// <remarks>
/// Where another worker may have to go on, bytes are only looked at (MSG_PEEK, recv(2)), and taken out of the socket when they have been used and
/// that is in the journal: what a worker that dies had not used, the next one finds there. A part of an item then stays in the socket, and the
/// low-water mark keeps the socket from being reported readable for it again and again.
/// </remarks>
/// <param name="isLookedAt">Whether bytes are only looked at.</param>
internal sealed class InputBuffer(bool isLookedAt) : IDisposable
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private long _owed;
    private int _lowWater = 1;
    private bool _isDrained;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>How many there are.</summary>
    public int Count => _end - _start;

    /// <summary>Whether bytes have been used that are still in the socket.</summary>
    public bool IsOwing => _owed > 0;

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

    /// <summary>Takes what has come, and what was used and is still in the socket: the journal must say so by now.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="most">About how many bytes to take at once; more where what is kept is longer.</param>
    /// <param name="isStream">
    /// Whether much is to come. If not, and the last look saw all that was there, it is not looked again at once: whoever waits for the socket is told
    /// if there is more, and most of the time there is not.
    /// </param>
    /// <returns>How many bytes have come, 0 at the end of the stream; or would block, connection reset, ...</returns>
    public IoResult Receive(Descriptor socket, int most, bool isStream)
    {
        var received = isLookedAt ? Look(socket, most, isStream) : Take(socket, most);
        if (Count == 0)
            Release();
        return received;
    }

    /// <summary>Has the socket reported readable only when there is more than what is here already.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="beforeRaise">Called before the mark is raised above 1: who goes on with the connection has to know that it may be.</param>
    public void AwaitMore(Descriptor socket, Action beforeRaise)
    {
        if (!isLookedAt || _lowWater == Count + 1)
            return;
        if (_lowWater == 1)
            beforeRaise();
        _lowWater = Count + 1;
        Libc.SetOption(socket, SocketOption.ReceiveLowWater, _lowWater);
    }

    /// <summary>A worker before this one may have raised the mark.</summary>
    public void ResetMark(Descriptor socket)
    {
        _lowWater = 1;
        Libc.SetOption(socket, SocketOption.ReceiveLowWater, _lowWater);
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

    private IoResult Look(Descriptor socket, int most, bool isStream)
    {
        if (_owed > 0)
        {
            var taken = Libc.Discard(socket, _owed);
            if (!taken.IsOk)
                return taken;
            _owed -= taken.Count;
            if (_isDrained && !isStream && Count == 0)
            {
                _isDrained = false;
                return new(0, Errno.WouldBlock);
            }
        }
        // What is kept is the first that waits in the socket: it is looked at again, with what has come behind it.
        var kept = Count;
        MakeRoom(most);
        var seen = Libc.Receive(socket, _array.AsSpan(_start), MessageFlags.Peek);
        if (!seen.IsOk)
            return seen;
        _end = _start + (int)seen.Count;
        _isDrained = _end < _array.Length;
        if (seen.Count > kept)
            return new(seen.Count - kept, Errno.None);
        return kept == 0 || Libc.Poll(socket, PollEvents.PeerClosedWriting, 0) != PollEvents.None ? new(0, Errno.None) : new(0, Errno.WouldBlock);
    }

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
