using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>A file that is being put together, maybe by several threads at once, each with a range of its own.</summary>
internal sealed class IncomingParts : IDisposable
{
    /// <summary>For a smaller file the reservation costs more than it saves, and the disk is full as soon.</summary>
    private const long LeastPreallocated = 256 * 1024;

    private readonly LocalPlace _place;
    private readonly PartialFile _partial;
    private long _moved;
    private volatile bool _isUnconfirmed;

    private IncomingParts(LocalPlace place, PartialFile partial, Message.Meta meta)
    {
        _place = place;
        _partial = partial;
        Meta = meta;
        Resumed = meta.Size - partial.Missing().Sum(range => range.CoveredOf(meta.Size));
        _isUnconfirmed = Resumed > 0;
    }

    /// <summary>What the server says of the file.</summary>
    public Message.Meta Meta { get; }

    /// <summary>Bytes that were there when it was opened.</summary>
    public long Resumed { get; }

    /// <summary>Bytes that came since.</summary>
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>
    /// Whether there are bytes that no FIN covers: those of an earlier process, and those before a break. They were proven against the disk, not
    /// against the server.
    /// </summary>
    public bool IsUnconfirmed => _isUnconfirmed;

    /// <summary>Bytes of a block.</summary>
    public int BlockSize => _partial.BlockSize;

    /// <summary>Whether a damaged block can be fetched alone; else the whole file is no more than a block.</summary>
    public bool HasBlocks => Meta.Size > _partial.BlockSize;

    /// <summary>Opens what is there of a file, and makes room for the rest.</summary>
    /// <param name="place">Where it goes.</param>
    /// <param name="key">What it is called on its way.</param>
    /// <param name="meta">The file.</param>
    /// <param name="isPrivate">Whether nobody else may read it on its way.</param>
    /// <param name="isDurable">Whether it is to be on the disk when it gets its name.</param>
    /// <param name="prefix">Gets the bytes of the proven prefix.</param>
    /// <exception cref="TransferException">It cannot be had, or there is no room.</exception>
    public static IncomingParts Open(LocalPlace place, string key, Message.Meta meta, bool isPrivate, bool isDurable, ContentDigest? prefix)
    {
        var (partial, error) = PartialFile.Open(place.Directory, key, meta.Identity, meta.Size, isPrivate, prefix);
        if (partial is null)
            throw LocalFailure.Of($"cannot create {place.Display}", error);
        partial.IsDurable = isDurable;
        var parts = new IncomingParts(place, partial, meta);
        if (meta.Size >= LeastPreallocated && partial.Preallocate() is var full and not Errno.None)
        {
            partial.Keep();
            throw parts.Failure(full);
        }
        return parts;
    }

    /// <summary>What is not there yet, in order.</summary>
    public IReadOnlyList<FileRange> Missing() => _partial.Missing();

    /// <summary>Writes from a block's beginning on.</summary>
    public BlockWriter WriterAt(long offset) => _partial.WriterAt(offset);

    /// <summary>Writes bytes that came.</summary>
    /// <exception cref="TransferException">The disk is full or fails.</exception>
    public void Write(BlockWriter writer, ReadOnlySpan<byte> bytes)
    {
        var error = writer.Write(bytes);
        if (error != Errno.None)
            throw Failure(error);
        Interlocked.Add(ref _moved, bytes.Length);
    }

    /// <summary>A break left bytes behind that no FIN covers.</summary>
    public void Unconfirmed() => _isUnconfirmed = true;

    /// <summary>The bytes from an offset on, read back from the file.</summary>
    /// <exception cref="TransferException">They cannot be read.</exception>
    public int Read(long offset, Span<byte> buffer)
    {
        var read = Libc.ReadAt(_partial.Descriptor, buffer, offset);
        return read.IsOk ? (int)read.Count : throw LocalFailure.Of($"cannot read back {_place.Display}", read.Error);
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="TransferException">The directory refuses it.</exception>
    public void Publish(PublishOptions options)
    {
        switch (_partial.Publish(_place.Name, options))
        {
            case Errno.None:
                return;
            case Errno.Exists when options.NoClobber:
                throw _place.Taken();
            case var error:
                throw Failure(error);
        }
    }

    /// <summary>What is there is of no use: the next call begins anew.</summary>
    public void Discard() => _partial.Discard();

    /// <summary>Leaves what is there for the next call.</summary>
    public void Dispose() => _partial.Keep();

    private TransferException Failure(Errno error) =>
        error == Errno.StaleHandle
            ? new(TransferFailure.LocalIO, $"{_place.Display}: another download of the same file has taken this one over")
            : LocalFailure.Of($"cannot write {_place.Display}", error);
}
