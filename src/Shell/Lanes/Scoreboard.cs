using System.Text.Unicode;
using Trainyard.Core.Pool;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>
/// Memory that master and workers share: one cell a thread that serves or leads, in which it alone counts its heartbeats and its progress
/// and says what it sends, and which the master only reads. A cell begins on a cache line of its own, so that threads do not slow each
/// other down. No lock: each word has one writer, and words that belong together are read by their sequence number (see
/// <see cref="ReadTransfer"/>).
/// </summary>
internal sealed class Scoreboard : IDisposable
{
    /// <summary>How many cells there are: so many threads can serve or lead at once.</summary>
    public const int Cells = 1024;

    private const int ReadAttempts = 1000;

    // Behind the cells: what the master alone says, of the pool as a whole.
    private const int PoolOffset = Cells * ScoreboardCell.Bytes;
    private const int Bytes = PoolOffset + ScoreboardCell.Bytes;

    private readonly MappedRegion _memory;

    private Scoreboard(Descriptor descriptor, MappedRegion memory)
    {
        Descriptor = descriptor;
        _memory = memory;
    }

    /// <summary>The memfd, to be inherited by workers.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>How many cells, one after the other, a worker with so many threads uses: one for each, and one for the thread that leads several.</summary>
    public static int CellsOf(int threads) => threads == 1 ? 1 : threads + 1;

    /// <summary>A new scoreboard with every cell at zero.</summary>
    public static Scoreboard Create() => Open(Libc.CreateMemory("trainyard-scoreboard", Bytes));

    /// <summary>The scoreboard behind a descriptor that was inherited from the master.</summary>
    public static Scoreboard Open(Descriptor descriptor) =>
        Libc.Map(descriptor, 0, Bytes, writable: true, out var memory) is var error && memory is not null
            ? new(descriptor, memory)
            : throw new NativeException("mmap", error);

    /// <summary>Counts one turn of a worker's loop.</summary>
    public void Beat(int cell) => Count(cell, ScoreboardCell.Beats, 1);

    /// <summary>Adds to a worker's progress: bytes that it has moved.</summary>
    public void Add(int cell, ulong progress) => Count(cell, ScoreboardCell.Progress, progress);

    /// <summary>Counts a connection that has ended.</summary>
    public void CountServed(int cell) => Count(cell, ScoreboardCell.Served, 1);

    /// <summary>Says that a connection has its turn.</summary>
    public void BeginTurn(int cell, ConnectionId connection) => Volatile.Write(ref Word(cell, ScoreboardCell.Turn), (ulong)connection.Value);

    /// <summary>Says that none has.</summary>
    public void EndTurn(int cell) => Volatile.Write(ref Word(cell, ScoreboardCell.Turn), 0);

    /// <summary>The connections in whose turns a worker with so many cells was when it died.</summary>
    public IEnumerable<ConnectionId> ReadTurns(int cell, int cells)
    {
        for (var i = 0; i < cells; i++)
            if (Volatile.Read(ref Word(cell + i, ScoreboardCell.Turn)) is not 0 and var turn)
                yield return new((long)turn);
    }

    /// <summary>What a worker has counted up to now.</summary>
    public (ulong Beats, ulong Progress) Read(int cell) =>
        (Volatile.Read(ref Word(cell, ScoreboardCell.Beats)), Volatile.Read(ref Word(cell, ScoreboardCell.Progress)));

    /// <summary>What a worker with several cells has counted: it lives by the first one, and all of them progress.</summary>
    public (ulong Beats, ulong Progress) Read(int cell, int cells)
    {
        var (beats, progress) = Read(cell);
        for (var i = 1; i < cells; i++)
            progress += Read(cell + i).Progress;
        return (beats, progress);
    }

    /// <summary>How many connections a worker has ended.</summary>
    public ulong ReadServed(int cell) => Volatile.Read(ref Word(cell, ScoreboardCell.Served));

    /// <summary>Says which transfer the cell shows from now on. Only this copies the path; a path that is too long is clipped.</summary>
    public void Show(int cell, ConnectionId connection, string path, long size, long offset)
    {
        BeginRecord(cell);
        Utf8.FromUtf16(path, PathOf(cell, ScoreboardCell.PathBytes), out _, out var length);
        Word(cell, ScoreboardCell.Connection) = (ulong)connection.Value;
        Word(cell, ScoreboardCell.Size) = (ulong)size;
        Word(cell, ScoreboardCell.Offset) = (ulong)offset;
        Word(cell, ScoreboardCell.PathLength) = (ulong)length;
        EndRecord(cell);
    }

    /// <summary>Says how far the transfer that is shown has come: one store.</summary>
    public void Move(int cell, long offset) => Volatile.Write(ref Word(cell, ScoreboardCell.Offset), (ulong)offset);

    /// <summary>Shows no transfer.</summary>
    public void Hide(int cell)
    {
        BeginRecord(cell);
        Word(cell, ScoreboardCell.Connection) = 0;
        EndRecord(cell);
    }

    /// <summary>
    /// The transfer that a cell shows, all of it at one instant: a sequence number that is odd while the record is being changed must be
    /// the same before and after.
    /// </summary>
    /// <returns><c>null</c> where none is shown, or where its writer died or was stopped in the middle of a change.</returns>
    public TransferRecord? ReadTransfer(int cell)
    {
        Span<byte> path = stackalloc byte[ScoreboardCell.PathBytes];
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
        {
            var sequence = Volatile.Read(ref Word(cell, ScoreboardCell.Sequence));
            if ((sequence & 1) != 0)
                continue;
            var connection = Word(cell, ScoreboardCell.Connection);
            var size = (long)Word(cell, ScoreboardCell.Size);
            var offset = (long)Word(cell, ScoreboardCell.Offset);
            var length = (int)Math.Min(Word(cell, ScoreboardCell.PathLength), ScoreboardCell.PathBytes);
            PathOf(cell, length).CopyTo(path);
            Volatile.ReadBarrier();
            if (Volatile.Read(ref Word(cell, ScoreboardCell.Sequence)) == sequence)
                return connection == 0 ? null : new(new ConnectionId((long)connection), path[..length].ToArray(), size, offset);
        }
        return null;
    }

    /// <summary>Says how the pool is. The master only; costs a store for each number.</summary>
    /// <param name="workers">Worker processes.</param>
    /// <param name="served">Connections that a worker has.</param>
    /// <param name="waiting">Those that none has.</param>
    /// <param name="isDraining">Whether no new ones are taken any more.</param>
    /// <param name="since">When the pool began.</param>
    public void WritePool(int workers, int served, int waiting, bool isDraining, DateTimeOffset since)
    {
        Volatile.Write(ref PoolWord(0), workers);
        Volatile.Write(ref PoolWord(1), served);
        Volatile.Write(ref PoolWord(2), waiting);
        Volatile.Write(ref PoolWord(3), isDraining ? 1 : 0);
        Volatile.Write(ref PoolWord(4), since.ToUnixTimeSeconds());
    }

    /// <summary>Whether connections wait for a slot, as the master said last.</summary>
    public bool PoolIsWaitedFor => Volatile.Read(ref PoolWord(2)) > 0;

    /// <summary>How the master said last that the pool is.</summary>
    public ServerStatus ReadPool(DateTimeOffset now) =>
        new(Workers: Volatile.Read(ref PoolWord(0)),
            Connections: Volatile.Read(ref PoolWord(1)),
            Waiting: Volatile.Read(ref PoolWord(2)),
            Uptime: Math.Max(0, now.ToUnixTimeSeconds() - Volatile.Read(ref PoolWord(4))),
            IsDraining: Volatile.Read(ref PoolWord(3)) != 0);

    /// <summary>Makes a cell ready for its next worker. Only while no worker has it.</summary>
    public void Clear(int cell) => _memory.Slice((long)CheckedCell(cell) * ScoreboardCell.Bytes, ScoreboardCell.Bytes).Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        Descriptor.Dispose();
    }

    // The barrier keeps the record's words from becoming visible before the odd number does (Volatile.Write would not).
    private void BeginRecord(int cell)
    {
        Word(cell, ScoreboardCell.Sequence)++;
        Volatile.WriteBarrier();
    }

    private void EndRecord(int cell) => Count(cell, ScoreboardCell.Sequence, 1);

    private void Count(int cell, int offset, ulong more) => Volatile.Write(ref Word(cell, offset), Word(cell, offset) + more);

    private ref long PoolWord(int index) => ref _memory.At<long>(PoolOffset + (index * sizeof(long)));

    private Span<byte> PathOf(int cell, int length) =>
        _memory.Slice(((long)CheckedCell(cell) * ScoreboardCell.Bytes) + ScoreboardCell.Path, length);

    private ref ulong Word(int cell, int offset) => ref _memory.At<ulong>(((long)CheckedCell(cell) * ScoreboardCell.Bytes) + offset);

    private static int CheckedCell(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cell, (uint)Cells, nameof(cell));
        return cell;
    }
}
