using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>An open file that is being sent, and what it was when it was opened.</summary>
internal sealed class ServedFile : IDisposable
{
    private readonly FileStatus _opened;

    private ServedFile(FileDescriptor descriptor, FileStatus opened)
    {
        Descriptor = descriptor;
        _opened = opened;
    }

    /// <summary>The descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Its size when it was opened, in bytes.</summary>
    public long Size => _opened.Size;

    /// <summary>What told its content from another when it was opened.</summary>
    public Opaque Identity => Storage.FileIdentity.Of(_opened);

    /// <summary>Opens a regular file to read; anything else is refused with EINVAL, a directory with EISDIR.</summary>
    public static (ServedFile? File, Errno Error) Open(string path)
    {
        // O_NONBLOCK, so that a FIFO that somebody put there is refused and does not stop the worker; it means nothing to a regular file.
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (!opened.IsOk)
            return (null, opened.Error);
        var status = Libc.Status(opened.Descriptor);
        if (status.Type == FileType.Regular)
        {
            Libc.Advise(opened.Descriptor, 0, 0, FileAdvice.Sequential);
            return (new ServedFile(opened.Descriptor, status), Errno.None);
        }
        opened.Descriptor.Dispose();
        return (null, status.Type == FileType.Directory ? Errno.IsDirectory : Errno.InvalidArgument);
    }

    /// <summary>Whether size, times and attributes are still what they were.</summary>
    public bool IsUnchanged() => Libc.Status(Descriptor) == _opened;

    /// <summary>Its size at the moment, in bytes.</summary>
    public long CurrentSize() => Libc.Status(Descriptor).Size;

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
