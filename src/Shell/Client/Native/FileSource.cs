using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>An open regular file. What it was when it was opened is what is sent.</summary>
internal sealed class FileSource : IUploadSource
{
    private readonly string _name;
    private readonly FileDescriptor _file;

    private FileSource(string name, FileDescriptor file, FileStatus status)
    {
        _name = name;
        _file = file;
        Status = status;
    }

    /// <summary>What the file was when it was opened.</summary>
    public FileStatus Status { get; }

    /// <inheritdoc/>
    public long? Size => Status.Size;

    /// <inheritdoc/>
    public bool CanRepeat => true;

    /// <inheritdoc/>
    public FileDescriptor File => _file;

    /// <summary>Opens a file; the path may lead through links.</summary>
    /// <exception cref="TransferException">It cannot be read, or is no regular file.</exception>
    public static FileSource Open(string path) =>
        Check(Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(path), Flags), path);

    /// <summary>Opens a file of a tree; it is no link, and lies in the tree.</summary>
    /// <exception cref="TransferException">It cannot be read, or is no regular file.</exception>
    public static FileSource Open(LocalTree tree, ReadOnlySpan<byte> path) =>
        Check(OpenBeneath.Open(tree.Root, path, Flags | OpenFlags.NoFollow), tree.NameOf(path));

    /// <summary>Opens a file by its name in a directory; it is no link.</summary>
    /// <exception cref="TransferException">It cannot be read, or is no regular file.</exception>
    public static FileSource Open(FileDescriptor directory, ReadOnlySpan<byte> name, string display) =>
        Check(Libc.Open(directory, name, Flags | OpenFlags.NoFollow), display);

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = Libc.ReadAt(_file, buffer[count..], offset + count);
            if (!read.IsOk)
                throw LocalFailure.Of($"cannot read {_name}", read.Error);
            if (read.Count == 0)
                break;
            count += (int)read.Count;
        }
        return count;
    }

    /// <inheritdoc/>
    public bool IsUnchanged()
    {
        var now = Libc.Status(_file);
        return now.Size == Status.Size && now.ModifiedNs == Status.ModifiedNs;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Without O_NONBLOCK a FIFO that nobody writes would hold us here.
    private const OpenFlags Flags = OpenFlags.ReadOnly | OpenFlags.NonBlocking;

    private static FileSource Check(DescriptorResult<FileDescriptor> opened, string name)
    {
        if (!opened.IsOk)
            throw LocalFailure.Of($"cannot read {name}", opened.Error);
        var status = Libc.Status(opened.Descriptor);
        if (status.Type == FileType.Regular)
            return new(name, opened.Descriptor, status);
        opened.Descriptor.Dispose();
        throw new TransferException(TransferFailure.LocalIO, $"cannot read {name}: it is no regular file");
    }
}
