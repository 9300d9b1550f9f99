using System.IO.Hashing;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// Writes a part of a <see cref="PartialFile"/> from a block's beginning on. Each piece goes to the file as it comes, in one call, and into the
/// block's digest while it is in cache; the map learns of a block when its last byte was written. For one thread at a time.
/// </summary>
internal sealed class BlockWriter
{
    private const int BytesAtOnce = 256 * 1024;

    private readonly PartialFile _file;
    private readonly XxHash128? _hash;
    private long _blockEnd;

    internal BlockWriter(PartialFile file, long offset)
    {
        _file = file;
        _hash = file.Map is null ? null : new XxHash128();
        Position = offset;
        _blockEnd = EndOfBlockAt(offset);
    }

    /// <summary>Where the next byte goes, in bytes from the file's beginning.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the bytes up to a position within the same block as written: they are there.</summary>
    /// <returns>Whether they could be read.</returns>
    public bool Skip(long position)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BytesAtOnce);
        while (Position < position)
        {
            var read = Libc.ReadAt(_file.Descriptor, buffer.AsSpan(0, (int)Math.Min(buffer.Length, position - Position)), Position);
            if (!read.IsOk || read.Count == 0)
                return false;
            _hash?.Append(buffer.AsSpan(0, (int)read.Count));
            Position += read.Count;
        }
        _file.Reached(Position);
        return true;
    }

    /// <summary>Writes the next bytes.</summary>
    /// <returns>
    /// <see cref="Errno.None"/>; <see cref="Errno.StaleHandle"/>: somebody newer owns the file, and nothing was written; <see
    /// cref="Errno.FileTooBig"/>: past the file's size; or no space, quota exceeded, an I/O error, after which the writer is of no more use.
    /// </returns>
    public Errno Write(ReadOnlySpan<byte> bytes)
    {
        if (_file.Size is { } size && bytes.Length > size - Position)
            return Errno.FileTooBig;
        var error = _file.EnterTurn();
        if (error != Errno.None)
            return error;
        error = WriteAll(bytes);
        if (error == Errno.None)
            error = Account(bytes);
        _file.LeaveTurn();
        return error;
    }

    private Errno WriteAll(ReadOnlySpan<byte> bytes)
    {
        for (var at = Position; !bytes.IsEmpty;)
        {
            var written = Libc.WriteAt(_file.Descriptor, bytes, at);
            if (!written.IsOk)
                return written.Error;
            at += written.Count;
            bytes = bytes[(int)written.Count..];
        }
        return Errno.None;
    }

    private Errno Account(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var ofBlock = bytes[..(int)Math.Min(bytes.Length, _blockEnd - Position)];
            _hash?.Append(ofBlock);
            Position += ofBlock.Length;
            bytes = bytes[ofBlock.Length..];
            if (Position == _blockEnd && EndBlock() is var error and not Errno.None)
                return error;
        }
        _file.Reached(Position);
        return Errno.None;
    }

    private Errno EndBlock()
    {
        var index = (Position - 1) / _file.BlockSize;
        _blockEnd = EndOfBlockAt(Position);
        if (_hash is null)
            return Errno.None;
        if (_file.IsDurable)
            Libc.BeginWriteback(_file.Descriptor, index * _file.BlockSize, Position - index * _file.BlockSize);
        Span<byte> digest = stackalloc byte[ResumeMap.DigestLength];
        _hash.GetHashAndReset(digest);
        return index < _file.Layout.BlockCount ? _file.Prove((int)index, digest) : Errno.None;
    }

    private long EndOfBlockAt(long position)
    {
        var end = position - (position % _file.BlockSize) + _file.BlockSize;
        return _file.Size is { } size ? Math.Min(size, end) : end;
    }
}
