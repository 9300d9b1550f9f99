using System.Buffers.Binary;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>A file on its way to its final name: an upload here, a download at the client's.</summary>
/// <remarks>
/// It lies under a hidden name in the directory that it will be in, beside a map of the blocks that are there, so that a transfer goes on after
/// any break, even of the machine: nothing is taken for there that does not hold what was written to it. A file of one block has nothing to resume
/// and no name at all until it is whole, where the file system can do that (O_TMPFILE). A newer owner takes a named file over at once (<see
/// cref="PartialMap"/>). Writers on distinct ranges may run on threads of their own at once; all else is for one thread at a time.
/// </remarks>
internal sealed partial class PartialFile : IDisposable
{
    private readonly FileDescriptor _directory;
    private readonly bool _canSynchronizeDirectory;
    private readonly string _key;
    private readonly PartialMap? _map;
    private readonly Lock _gate = new();
    private ResumeMap _blocks;
    private long _end;
    private bool _isOver;

    private PartialFile(
        FileDescriptor directory, bool canSynchronizeDirectory, string key, FileDescriptor descriptor, PartialMap? map, ResumeMap blocks)
    {
        _directory = directory;
        _canSynchronizeDirectory = canSynchronizeDirectory;
        _key = key;
        Descriptor = descriptor;
        _map = map;
        _blocks = blocks;
        _end = blocks.Prefix;
    }

    /// <summary>The file's bytes, open to read; written by a <see cref="BlockWriter"/> only, or what is written is not proven.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The whole file's size, in bytes; <c>null</c> while unknown.</summary>
    public long? Size => _blocks.Layout.Size;

    /// <summary>Bytes of a block: what is written in vain at most when a transfer breaks off.</summary>
    public int BlockSize => _blocks.Layout.BlockSize;

    /// <summary>How many bytes from 0 on are there and proven.</summary>
    public long ProvenPrefix
    {
        get
        {
            lock (_gate)
                return _blocks.Prefix;
        }
    }

    /// <summary>Whether it is to be on the disk when it gets its name: then the disk begins with each block as it is whole, beside the transfer, not behind it.</summary>
    public bool IsDurable { get; set; }

    /// <summary>Whether a newer owner goes on with this file. Nothing done here touches it any more.</summary>
    public bool IsTakenOver => _map is { IsTakenOver: true };

    internal PartialMap? Map => _map;

    /// <summary>Goes on with a file that is on its way, or begins one.</summary>
    /// <param name="directory">Where it will be; stays the caller's.</param>
    /// <param name="key">What tells it from others on their way there: 1 to 128 hexadecimal digits.</param>
    /// <param name="source">What the bytes are of, at most 64 bytes: those of another source are thrown away.</param>
    /// <param name="size">The whole file's size, in bytes; <c>null</c> while unknown.</param>
    /// <param name="isPrivate">Whether nobody else may read it before it has its final permissions.</param>
    /// <param name="prefix">Takes the bytes of the proven prefix in passing; <c>null</c> for none.</param>
    /// <returns>
    /// The file; or why it cannot be had: no space, access denied, ... <see cref="Errno.Busy"/>: a process that was stopped in the middle of a
    /// write holds it.
    /// </returns>
    public static (PartialFile? File, Errno Error) Open(
        FileDescriptor directory, string key, Opaque source, long? size, bool isPrivate = false, ContentDigest? prefix = null)
    {
        if (ResumeLayout.Create(size, source).Case is not ResumeLayout layout)
            return (null, Errno.InvalidArgument);
        var own = Libc.Open(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        var canSynchronize = own.IsOk;
        if (own.Error == Errno.AccessDenied)
            own = Libc.Open(directory, "."u8, OpenFlags.Path | OpenFlags.Directory);
        if (!own.IsOk)
            return (null, own.Error);

        var mode = isPrivate ? Permissions.OwnerOnly : Permissions.NewFile;
        if (size <= layout.BlockSize && Libc.Open(own.Descriptor, "."u8, OpenFlags.Temporary | OpenFlags.ReadWrite, mode) is { IsOk: true } nameless)
            return (new(own.Descriptor, canSynchronize, key, nameless.Descriptor, null, ResumeMap.Empty(layout)), Errno.None);
        var opened = PartialOpening.Open(own.Descriptor, key, layout, mode);
        if (!opened.IsOk)
        {
            own.Descriptor.Dispose();
            return (null, opened.Error);
        }
        var proven = BlockProof.Check(opened.Part, opened.Claimed, prefix);
        return (new(own.Descriptor, canSynchronize, key, opened.Part, opened.Map, proven), Errno.None);
    }

    /// <summary>Goes on with a file that another process was writing a moment ago, and whose pages are in memory as that process has written them.</summary>
    /// <param name="directory">Where it will be; stays the caller's.</param>
    /// <param name="key">As in <see cref="Open"/>.</param>
    /// <param name="source">As in <see cref="Open"/>.</param>
    /// <param name="size">As in <see cref="Open"/>.</param>
    /// <param name="stored">Which file it must be (<see cref="Stored"/>).</param>
    /// <returns><c>null</c> where that file is not there under the key.</returns>
    public static PartialFile? Reopen(FileDescriptor directory, string key, Opaque source, long? size, Opaque stored)
    {
        if (ResumeLayout.Create(size, source).Case is not ResumeLayout layout
            || Libc.StatusOf(directory, PartialNames.Map(key), out _) != Errno.None
            || Libc.StatusOf(directory, PartialNames.Part(key), out var named) != Errno.None || StoredOf(named) != stored)
            return null;
        var own = Libc.Open(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (!own.IsOk)
            return null;
        var opened = PartialOpening.Open(own.Descriptor, key, layout, Permissions.OwnerOnly);
        if (!opened.IsOk)
        {
            own.Descriptor.Dispose();
            return null;
        }
        var file = new PartialFile(own.Descriptor, true, key, opened.Part, opened.Map, opened.Claimed);
        if (file.Stored == stored)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Removes what a process has left under a key that is nobody's any more.</summary>
    /// <param name="directory">Where it is; stays the caller's.</param>
    /// <param name="key">As in <see cref="Open"/>.</param>
    public static void Remove(FileDescriptor directory, string key)
    {
        _ = Libc.Unlink(directory, PartialNames.Map(key));
        _ = Libc.Unlink(directory, PartialNames.Part(key));
    }

    /// <summary>By which a file is known again, whatever its name is by then.</summary>
    public static Opaque StoredOf(FileStatus status)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, status.Device);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], status.Inode);
        return new(bytes);
    }

    /// <summary>By which this file is known again.</summary>
    public Opaque Stored => StoredOf(Libc.Status(Descriptor));

    /// <summary>What is not there yet, in order; the last range is without a length where the size is unknown.</summary>
    public IReadOnlyList<FileRange> Missing()
    {
        lock (_gate)
            return [.. _blocks.Missing()];
    }

    /// <summary>Writes from a block's beginning on.</summary>
    /// <param name="offset">A multiple of <see cref="BlockSize"/>, or <see cref="ProvenPrefix"/>, or what <see cref="Missing"/> begins with.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these.</exception>
    public BlockWriter WriterAt(long offset)
    {
        if (offset != Size)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfNotEqual(offset % BlockSize, 0, nameof(offset));
        }
        return new(this, offset);
    }

    /// <summary>Writes behind what another process has written, wherever that ends: what is there of the block is read, not written.</summary>
    /// <returns><c>null</c> where it cannot be read.</returns>
    public BlockWriter? WriterBehind(long position)
    {
        var writer = new BlockWriter(this, position - position % BlockSize);
        return writer.Skip(position) ? writer : null;
    }

    /// <summary>Reserves space for the whole file: a full disk is found before the transfer, and writing is faster.</summary>
    /// <returns><see cref="Errno.None"/>, also where the file system cannot do it or the size is unknown; or no space, quota exceeded, ...</returns>
    public Errno Preallocate()
    {
        if (Size is null or 0)
            return Errno.None;
        var error = EnterTurn();
        if (error != Errno.None)
            return error;
        error = Libc.Allocate(Descriptor, 0, Size.Value, keepSize: false);
        LeaveTurn();
        return error is Errno.NotSupported or Errno.NotImplemented ? Errno.None : error;
    }

    /// <summary>Closes the file and leaves what is there for a later resume. Where nothing is proven, nothing is left behind.</summary>
    public void Keep() => Dispose();

    /// <summary>Closes the file as it is: another process goes on with it.</summary>
    public void LeaveAsItIs()
    {
        _isOver = true;
        Descriptor.Dispose();
        _map?.Dispose();
        _directory.Dispose();
    }

    /// <summary>Removes the file and its map, unless somebody newer owns them.</summary>
    public void Discard()
    {
        if (_isOver || _map is null || _map.Enter() != Errno.None)
            return;
        _isOver = true;
        // The map first: without it, what is left of the file claims nothing.
        _ = Libc.Unlink(_directory, PartialNames.Map(_key));
        _ = Libc.Unlink(_directory, PartialNames.Part(_key));
        _map.Leave();
    }

    /// <inheritdoc cref="Keep"/>
    public void Dispose()
    {
        if (Descriptor.IsClosed)
            return;
        if (_blocks.Blocks.IsEmpty)
            Discard();
        else
            GiveBackSpace();
        _isOver = true;
        Descriptor.Dispose();
        _map?.Dispose();
        _directory.Dispose();
    }

    /// <summary>What was reserved and is not used yet: a client that announces much and goes away must not fill the disk.</summary>
    private void GiveBackSpace()
    {
        if (EnterTurn() != Errno.None)
            return;
        // Not more than a loss of space if it fails.
        _ = Libc.Truncate(Descriptor, _blocks.End);
        LeaveTurn();
    }

    /// <summary>Begins a turn in which the file is ours for certain; always succeeds where it has no name.</summary>
    internal Errno EnterTurn() => _isOver ? Errno.StaleHandle : _map?.Enter() ?? Errno.None;

    /// <summary>Ends a turn.</summary>
    internal void LeaveTurn() => _map?.Leave();

    /// <summary>Bytes up to this position were written.</summary>
    internal void Reached(long position)
    {
        lock (_gate)
            _end = Math.Max(_end, position);
    }

    /// <summary>A block is there. Only in a turn.</summary>
    internal Errno Prove(int index, ReadOnlySpan<byte> digest)
    {
        var error = _map!.Mark(index, digest);
        if (error == Errno.None)
            lock (_gate)
                _blocks = _blocks.With(index, new(digest));
        return error;
    }

    /// <summary>How the file is cut.</summary>
    internal ResumeLayout Layout => _blocks.Layout;
}
