using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>A moment in which somebody looks at a name of a directory and then changes what it stands for.</summary>
/// <remarks>
/// No system call replaces a file only if it is a certain one. So whoever sets that condition is alone with the directory from the look to the
/// change, and everybody else who changes its names shares it. The lock binds those who take turns, not other programs. Where a directory cannot
/// be locked (it may not be read, or the file system has no such locks), the look and the change are two steps.
/// </remarks>
internal sealed class NameTurn : IDisposable
{
    private readonly FileDescriptor _directory;
    private readonly bool _isOwn;

    private NameTurn(FileDescriptor directory, bool isOwn)
    {
        _directory = directory;
        _isOwn = isOwn;
    }

    /// <summary>Begins a turn; it is short, as others wait.</summary>
    /// <param name="directory">The directory, open in any way; stays the caller's.</param>
    /// <param name="isAlone">Whether nobody else may have a turn meanwhile.</param>
    /// <param name="turn">Ends it; <c>null</c> where there is nothing to end.</param>
    /// <returns><see cref="Errno.None"/>; or <see cref="Errno.Busy"/>: a process that was stopped in its turn does not end it.</returns>
    public static Errno Begin(FileDescriptor directory, bool isAlone, out NameTurn? turn)
    {
        turn = null;
        var own = Libc.Open(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        return own.IsOk ? Take(new(own.Descriptor, isOwn: true), isAlone, out turn) : Errno.None;
    }

    /// <summary>Begins a turn by a descriptor that nobody else has: it was opened for its holder, to read, and carries no other lock.</summary>
    /// <inheritdoc cref="Begin(FileDescriptor, bool, out NameTurn?)"/>
    public static Errno BeginWith(FileDescriptor directory, bool isAlone, out NameTurn? turn) =>
        Take(new(directory, isOwn: false), isAlone, out turn);

    /// <summary>Begins a turn in two directories at once, which may be the same one.</summary>
    /// <param name="alone">One; nobody else may have a turn there if <paramref name="isAlone"/>.</param>
    /// <param name="shared">The other one.</param>
    /// <param name="isAlone">As for one directory.</param>
    /// <param name="turns">Each ends its part.</param>
    /// <returns>As for one directory.</returns>
    public static Errno Begin(FileDescriptor alone, FileDescriptor shared, bool isAlone, out (NameTurn? First, NameTurn? Second) turns)
    {
        turns = default;
        var (one, two) = (Libc.Status(alone), Libc.Status(shared));
        var order = (one.Device, one.Inode).CompareTo((two.Device, two.Inode));
        if (order == 0)
            return Begin(alone, isAlone, out turns.First);
        // Always in the same order, so that two who move files against each other never wait for each other.
        var error = order < 0 ? Begin(alone, isAlone, out turns.First) : Begin(shared, isAlone: false, out turns.First);
        if (error == Errno.None)
            error = order < 0 ? Begin(shared, isAlone: false, out turns.Second) : Begin(alone, isAlone, out turns.Second);
        if (error == Errno.None)
            return Errno.None;
        turns.First?.Dispose();
        turns = default;
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwn)
            _directory.Dispose();
        else
            Libc.Unlock(_directory);
    }

    private static Errno Take(NameTurn begun, bool isAlone, out NameTurn? turn)
    {
        turn = begun;
        var error = FileLock.Take(begun._directory, isAlone);
        if (error == Errno.None)
            return Errno.None;
        if (begun._isOwn)
            begun._directory.Dispose();
        turn = null;
        return error == Errno.Busy ? Errno.Busy : Errno.None;
    }
}
