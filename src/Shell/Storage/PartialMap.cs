using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>The map of a file on its way, on the disk, and with it the right to write that file. Thread-safe.</summary>
/// <remarks>
/// Two processes may have the same file open: a connection that broke and has not been noticed, and its client's new one. The newer one is the
/// owner at once. Its number goes into the map's header, then it takes the map's lock alone, for as long as opening takes (<see
/// cref="PartialOpening"/>). Whoever writes does so in turns: the lock, shared; a look at the header; one write. So after the new owner had the lock
/// alone, every older turn is over, and every later one sees the new number and never touches the file again.
/// </remarks>
internal sealed class PartialMap : IDisposable
{
    private readonly FileDescriptor _file;
    private readonly ulong _owner;
    private readonly Lock _gate = new();
    private int _turns;

    /// <summary>The map as its present owner has it. Owns the descriptor.</summary>
    public PartialMap(FileDescriptor file, ulong owner)
    {
        _file = file;
        _owner = owner;
    }

    /// <summary>Whether somebody newer owns the file.</summary>
    public bool IsTakenOver { get; private set; }

    /// <summary>A number that no other owner has.</summary>
    public static ulong NewOwner() => BitConverter.ToUInt64(Libc.Random(sizeof(ulong)));

    /// <summary>Begins a turn. Several threads may be in one at a time.</summary>
    /// <returns>
    /// <see cref="Errno.None"/>: end it with <see cref="Leave"/>. <see cref="Errno.StaleHandle"/>: somebody newer owns the file. Or busy, an I/O error.
    /// </returns>
    public Errno Enter()
    {
        lock (_gate)
        {
            if (_turns == 0 && FileLock.Take(_file, exclusive: false) is var refused and not Errno.None)
                return refused;
            _turns++;
        }
        var error = CheckOwner();
        if (error != Errno.None)
            Leave();
        return error;
    }

    /// <summary>Ends a turn.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_turns == 0)
                Libc.Unlock(_file);
        }
    }

    /// <summary>Notes that a block is there. Only in a turn.</summary>
    /// <returns><see cref="Errno.None"/>; or no space, an I/O error.</returns>
    public Errno Mark(int index, ReadOnlySpan<byte> digest)
    {
        Span<byte> record = stackalloc byte[ResumeMapCodec.RecordLength];
        ResumeMapCodec.EncodeRecord(index, digest, record);
        return Libc.WriteAt(_file, record, ResumeMapCodec.RecordOffset(index)).Error;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private Errno CheckOwner()
    {
        Span<byte> header = stackalloc byte[ResumeMapCodec.HeaderLength];
        var read = Libc.ReadAt(_file, header, 0);
        if (!read.IsOk)
            return read.Error;
        if (ResumeMapCodec.DecodeOwner(header[..(int)read.Count]).Case is ulong owner && owner == _owner)
            return Errno.None;
        IsTakenOver = true;
        return Errno.StaleHandle;
    }
}
