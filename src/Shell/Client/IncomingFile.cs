using System.Text;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>
/// A file that is being received: without a name where the file system can do that (O_TMPFILE, so that not even SIGKILL leaves anything
/// behind), under a temporary name elsewhere, and under its own name only once it is whole.
/// </summary>
internal sealed class IncomingFile : IDisposable
{
    private readonly FileDescriptor _directory;
    private readonly string _where;
    private readonly FileName _name;
    private byte[]? _temporaryName;

    private IncomingFile(FileDescriptor directory, string where, FileName name, FileDescriptor descriptor, byte[]? temporaryName)
    {
        _directory = directory;
        _where = where;
        _name = name;
        Descriptor = descriptor;
        _temporaryName = temporaryName;
    }

    /// <summary>The descriptor, open to read and write.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Bytes written by <see cref="Append"/>.</summary>
    public long Length { get; private set; }

    /// <summary>Begins a file in a directory.</summary>
    /// <param name="directory">The open directory; stays the caller's.</param>
    /// <param name="where">The directory's path, for messages.</param>
    /// <param name="name">The name that it will have.</param>
    /// <exception cref="TransferException">The directory takes no file.</exception>
    public static IncomingFile Create(FileDescriptor directory, string where, FileName name)
    {
        var nameless = Libc.Open(directory, "."u8, OpenFlags.ReadWrite | OpenFlags.Temporary, PermissionsForAll);
        if (nameless.IsOk)
            return new(directory, where, name, nameless.Descriptor, null);
        var temporary = TemporaryName();
        var named = Libc.Open(directory, temporary, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, PermissionsForAll);
        return named.IsOk
            ? new(directory, where, name, named.Descriptor, temporary)
            : throw LocalFailure.Of($"cannot create a file in {where}", named.Error);
    }

    /// <summary>Makes room for the whole file at once, which is faster than growing and finds a full disk before the transfer.</summary>
    /// <exception cref="TransferException">There is no room.</exception>
    public void Reserve(long bytes)
    {
        if (bytes == 0)
            return;
        var error = Libc.Allocate(Descriptor, 0, bytes, keepSize: false);
        if (error is not (Errno.NotSupported or Errno.NotImplemented))
            error.ThrowIfError($"cannot make room for {bytes} bytes in {_where}");
    }

    /// <summary>Sets the file's length.</summary>
    /// <exception cref="TransferException">The file system refuses it.</exception>
    public void SetLength(long bytes) => Libc.Truncate(Descriptor, bytes).ThrowIfError($"cannot set the length of a file in {_where}");

    /// <summary>Writes bytes after those written before.</summary>
    /// <exception cref="TransferException">The disk is full or fails.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Libc.WriteAt(Descriptor, bytes, Length);
            if (!written.IsOk)
                throw LocalFailure.Of($"cannot write to a file in {_where}", written.Error);
            Length += written.Count;
            bytes = bytes[(int)written.Count..];
        }
    }

    /// <summary>Counts bytes that came into the file past <see cref="Append"/>.</summary>
    public void Grew(long bytes) => Length += bytes;

    /// <summary>Gives the file its name, in one step: whoever opens that name finds the old file or the whole new one.</summary>
    /// <exception cref="TransferException">The directory refuses the name.</exception>
    public void Publish()
    {
        if (_temporaryName is null)
        {
            var linked = Libc.LinkTemporary(Descriptor, _directory, _name.Span);
            if (linked == Errno.None)
                return;
            if (linked != Errno.Exists)
                throw LocalFailure.Of($"cannot name the file {_name.Display} in {_where}", linked);
            // linkat(2) replaces nothing: a temporary name first, then rename(2), which does.
            var temporary = TemporaryName();
            Libc.LinkTemporary(Descriptor, _directory, temporary).ThrowIfError($"cannot name a file in {_where}");
            _temporaryName = temporary;
        }
        Libc.Rename(_directory, _temporaryName, _directory, _name.Span)
            .ThrowIfError($"cannot name the file {_name.Display} in {_where}");
        _temporaryName = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Descriptor.Dispose();
        if (_temporaryName is not null)
            _ = Libc.Unlink(_directory, _temporaryName);
    }

    // Reduced by the umask, as for any file that a program creates.
    private const uint PermissionsForAll = 0x1B6;

    private static byte[] TemporaryName() => Encoding.ASCII.GetBytes($".trainyard-{Convert.ToHexStringLower(Libc.Random(8))}.part");
}
