using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>A small file on its way here, in as few calls as there can be. It has no name until it is whole (O_TMPFILE), so that nothing of it is left after a break.</summary>
internal sealed class NamelessFile : IDisposable
{
    private readonly FileDescriptor _directory;
    private readonly FileDescriptor _file;
    private long _position;

    private NamelessFile(FileDescriptor directory, FileDescriptor file) => (_directory, _file) = (directory, file);

    /// <summary>Makes one.</summary>
    /// <param name="directory">Where its name is to be; stays the caller's.</param>
    /// <param name="mode">Its permissions, of which the umask or the directory's ACL takes its part: without a name nobody can use them yet.</param>
    /// <returns><c>null</c> where that is impossible, for whatever reason.</returns>
    public static NamelessFile? Make(FileDescriptor directory, uint mode)
    {
        var made = Libc.Open(directory, "."u8, OpenFlags.Temporary | OpenFlags.ReadWrite, mode);
        return made.IsOk ? new(directory, made.Descriptor) : null;
    }

    /// <summary>What has become of its permissions.</summary>
    public int Mode => Libc.Status(_file).Permissions;

    /// <summary>Appends bytes.</summary>
    /// <returns><see cref="Errno.None"/>; or no space, an I/O error, ...</returns>
    public Errno Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Libc.WriteAt(_file, bytes, _position);
            if (!written.IsOk)
                return written.Error;
            _position += written.Count;
            bytes = bytes[(int)written.Count..];
        }
        return Errno.None;
    }

    /// <summary>Gives it its name. All bytes have been written.</summary>
    /// <param name="name">The name.</param>
    /// <param name="options">What it gets along with it; not durable, and without a condition.</param>
    /// <returns><see cref="Errno.None"/>; or why not: what is under the name is untouched then.</returns>
    public Errno Publish(ReadOnlySpan<byte> name, PublishOptions options)
    {
        var error = options.Mode is { } mode ? Libc.SetMode(_file, mode) : Errno.None;
        if (error == Errno.None && options.ModifiedNs is { } modified)
            error = Libc.SetModified(_file, modified);
        // Where nothing has the name nobody's turn can be disturbed: what he has looked at stays as it is.
        if (error == Errno.None)
            error = Libc.LinkTemporary(_file, _directory, name);
        return error == Errno.Exists && !options.NoClobber ? Replace(name) : error;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private Errno Replace(ReadOnlySpan<byte> name)
    {
        var error = NameTurn.Begin(_directory, isAlone: false, out var turn);
        using (turn)
            return error == Errno.None ? PartialFile.NameNameless(_file, _directory, name, noClobber: false) : error;
    }
}
