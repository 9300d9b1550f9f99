using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// An open file of the tree, and what it was when it was opened. Several may share it, on one thread; to dispose it is safe on any, and the last one closes.
/// </summary>
internal sealed partial class StoredFile : IDisposable
{
    private readonly FileStatus _opened;
    private readonly DigestStore _digests;
    private int _shares = 1;

    /// <summary>A file with this status. Owns the descriptor.</summary>
    /// <param name="descriptor">Open for reading.</param>
    /// <param name="opened">What it is.</param>
    /// <param name="digests">Keeps digests of the tree's files; stays the tree's.</param>
    public StoredFile(FileDescriptor descriptor, FileStatus opened, DigestStore digests)
    {
        Descriptor = descriptor;
        _opened = opened;
        _digests = digests;
        Identity = FileIdentity.Of(opened);
    }

    /// <summary>Open for reading.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Its size when it was opened, in bytes.</summary>
    public long Size => _opened.Size;

    /// <summary>When it was last modified, in nanoseconds since 1970-01-01 UTC.</summary>
    public long Modified => _opened.ModifiedNs;

    /// <summary>Its permission bits.</summary>
    public int Mode => _opened.Permissions;

    /// <summary>What tells this content from another.</summary>
    public Opaque Identity { get; }

    /// <summary>What was said of it last to somebody who asked for all of it; kept for those who ask the same.</summary>
    public WholeFile? Whole { get; set; }

    /// <summary>One more who uses it, and disposes it.</summary>
    public StoredFile Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    /// <summary>Whether a status is that with which it was opened.</summary>
    public bool Is(FileStatus status) => status == _opened;

    /// <summary>Whether it is still what it was when it was opened. That it has lost its name does not matter.</summary>
    public bool IsUnchanged() =>
        Libc.Status(Descriptor) is var now && now.Size == _opened.Size && now.ModifiedNs == _opened.ModifiedNs;

    /// <summary>
    /// Whether it was changed so long ago that its next change has another time for certain: time stamps are as coarse as the kernel's clock tick, or a second on some file systems.
    /// </summary>
    public bool IsSettled(DateTimeOffset now) => Math.Max(_opened.ModifiedNs, _opened.ChangedNs) / 1_000_000 < now.ToUnixTimeMilliseconds() - 2000;

    /// <summary>Reads as many bytes as asked for.</summary>
    /// <returns>Whether they were there to be read: not where the file has become shorter, or reading failed.</returns>
    public bool Read(Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = Libc.ReadAt(Descriptor, destination, offset);
            if (!read.IsOk || read.Count == 0)
                return false;
            destination = destination[(int)read.Count..];
            offset += read.Count;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            Descriptor.Dispose();
    }
}
