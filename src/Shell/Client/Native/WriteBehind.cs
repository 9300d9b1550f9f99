using System.Runtime.ExceptionServices;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// Writes what is received on a thread of its own, in pieces that end at multiples of their size in the file: the file system then makes few, large
/// folios, and the next piece is received while the last one is written. Used by one thread.
/// </summary>
internal sealed class WriteBehind : IDisposable
{
    /// <summary>For less a thread costs more than it saves.</summary>
    public const long LeastBytes = 16 * 1024 * 1024;

    /// <summary>How old bytes may become before they are written, so that the progress of a slow transfer can be seen; in milliseconds.</summary>
    public const int LongestWaitMs = 100;

    // Measured (docs/benchmarks.md): larger pieces make larger folios, which are faster yet where memory is at hand, and much slower where a host has to find it first.
    private const int PieceSize = 128 * 1024;
    private const int PieceCount = 16;

    private readonly IncomingParts _parts;
    private readonly BlockWriter _writer;
    private readonly byte[][] _pieces = new byte[PieceCount][];
    private readonly int[] _lengths = new int[PieceCount];
    // A monitor sleeps at once, where a semaphore spins: on few processors that takes from the others what it wins.
    private readonly object _turn = new();
    private readonly Thread _thread;
    private int _waiting;
    private Exception? _failure;
    private long _position;
    private int _current;
    private int _size;
    private int _filled;
    private long _begun;

    /// <summary>Starts behind what is there.</summary>
    /// <param name="parts">The file; stays the caller's.</param>
    /// <param name="writer">Where in it. The caller touches it only where <see cref="Settle"/> was called last.</param>
    public WriteBehind(IncomingParts parts, BlockWriter writer)
    {
        _parts = parts;
        _writer = writer;
        _position = writer.Position;
        for (var piece = 0; piece < PieceCount; piece++)
            _pieces[piece] = GC.AllocateUninitializedArray<byte>(PieceSize, pinned: true);
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "trainyard writer" };
        _thread.Start();
    }

    /// <summary>Whether bytes wait for their piece to be full.</summary>
    public bool HasUnwritten => _filled > 0;

    /// <summary>Where the next bytes go; waits for a piece that is free.</summary>
    /// <exception cref="TransferException">The disk is full or fails.</exception>
    public Span<byte> Room()
    {
        if (_size == 0)
        {
            AwaitAtMost(PieceCount - 1);
            Check();
            _size = PieceSize - (int)(_position % PieceSize);
        }
        return _pieces[_current].AsSpan(_filled, _size - _filled);
    }

    /// <summary>So many bytes of the room are filled.</summary>
    public void Advance(int count)
    {
        var now = Environment.TickCount64;
        if (_filled == 0)
            _begun = now;
        _filled += count;
        if (_filled == _size || now - _begun >= LongestWaitMs)
            HandOver();
    }

    /// <summary>Takes bytes that are somewhere else already.</summary>
    /// <exception cref="TransferException">The disk is full or fails.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Room();
            var count = Math.Min(bytes.Length, room.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Has written what is there of a piece.</summary>
    public void HandOver()
    {
        _lengths[_current] = _filled;
        _position += _filled;
        _current = (_current + 1) % PieceCount;
        _size = _filled = 0;
        lock (_turn)
        {
            _waiting++;
            Monitor.Pulse(_turn);
        }
    }

    /// <summary>Waits until everything is written, or writing has failed.</summary>
    public void Settle()
    {
        if (_filled > 0)
            HandOver();
        _size = 0;
        AwaitAtMost(0);
    }

    /// <summary>After <see cref="Settle"/>, whether all of it was written.</summary>
    /// <exception cref="TransferException">The disk is full or fails.</exception>
    public void Check()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Writes what is there and ends the thread.</summary>
    public void Dispose()
    {
        Settle();
        // An empty piece is the end.
        HandOver();
        _thread.Join();
    }

    private void AwaitAtMost(int waiting)
    {
        lock (_turn)
        {
            while (_waiting > waiting)
                Monitor.Wait(_turn);
        }
    }

    private void WriteAll()
    {
        for (var piece = 0; ; piece = (piece + 1) % PieceCount)
        {
            lock (_turn)
            {
                while (_waiting == 0)
                    Monitor.Wait(_turn);
            }
            if (_lengths[piece] == 0)
                return;
            // After a failure nothing may be written behind the gap.
            if (_failure is null)
                TryWrite(_pieces[piece].AsSpan(0, _lengths[piece]));
            lock (_turn)
            {
                _waiting--;
                Monitor.Pulse(_turn);
            }
        }
    }

    private void TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _parts.Write(_writer, bytes);
        }
        catch (Exception failure)
        {
            Volatile.Write(ref _failure, failure);
        }
    }
}
