using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>A directory that small files are put into, open once for all that come together. Thread-safe; the last one who has it closes it.</summary>
internal sealed class UploadDirectory : IDisposable
{
    private int _shares = 1;

    /// <summary>A directory. Owns the descriptor.</summary>
    /// <param name="descriptor">The directory.</param>
    /// <param name="isReadable">Whether it is open for reading, so that it can be locked and brought to the disk; else it is a place only.</param>
    public UploadDirectory(FileDescriptor descriptor, bool isReadable)
    {
        (Descriptor, IsReadable) = (descriptor, isReadable);
        var status = Libc.Status(descriptor);
        Id = (status.Device, status.Inode);
    }

    /// <summary>The directory.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Whether it is open for reading.</summary>
    public bool IsReadable { get; }

    /// <summary>Tells it from others.</summary>
    public (ulong Device, ulong Inode) Id { get; }

    /// <summary>One more who has it, and disposes it.</summary>
    public UploadDirectory Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            Descriptor.Dispose();
    }
}
