using System.Globalization;
using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>The name of a listening Unix socket in the file system: how it gets one, and how that goes away again.</summary>
internal sealed class SocketName
{
    private const int Attempts = 10;

    private readonly byte[] _path;
    private readonly FileStatus _named;

    private SocketName(byte[] path, FileStatus named)
    {
        _path = path;
        _named = named;
    }

    /// <summary>
    /// Listens under a name. The socket is complete before it gets the name, so that whoever finds the name can connect; what a dead
    /// server has left there is replaced, a living one's stays.
    /// </summary>
    /// <param name="path">The name.</param>
    /// <param name="mode">Who may connect, as permissions of the file; the umask takes nothing from them.</param>
    /// <param name="backlog">How many connections may wait for accept.</param>
    /// <param name="failure">What to say before the cause where it cannot be had.</param>
    /// <param name="takeOver">Replace a living server's too: its successor does, which serves in its stead.</param>
    /// <exception cref="TransferException">
    /// A living server has the name, something that is no socket has it, or the directory cannot be used
    /// (<see cref="TransferFailure.Listen"/>).
    /// </exception>
    public static (SocketDescriptor Socket, SocketName Name) Listen(string path, uint mode, int backlog, string failure, bool takeOver = false)
    {
        var temporary = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}"));
        var listening = Libc.ListenUnix(temporary, mode, backlog);
        if (!listening.IsOk)
            throw Failed(failure, ErrnoText.Describe(listening.Error));
        try
        {
            if (Libc.ChangeMode(FileDescriptor.WorkingDirectory, temporary, mode) is var refused and not Errno.None)
                throw Failed(failure, ErrnoText.Describe(refused));
            var name = Encoding.UTF8.GetBytes(path);
            Publish(temporary, name, failure, takeOver);
            return (listening.Descriptor, Find(name) ?? throw Failed(failure, "it has disappeared"));
        }
        catch
        {
            listening.Descriptor.Dispose();
            _ = Libc.Unlink(FileDescriptor.WorkingDirectory, temporary);
            throw;
        }
    }

    /// <summary>The name of a socket that somebody else has bound.</summary>
    /// <returns><c>null</c> where there is nothing of that name.</returns>
    public static SocketName? Find(string path) => Find(Encoding.UTF8.GetBytes(path));

    /// <summary>Removes the name, unless it means something else by now.</summary>
    public void Remove()
    {
        if (StatusOf(_path) is { } status && status.Inode == _named.Inode && status.Device == _named.Device)
            _ = Libc.Unlink(FileDescriptor.WorkingDirectory, _path);
    }

    private static SocketName? Find(byte[] path) => StatusOf(path) is { } status ? new(path, status) : null;

    private static void Publish(byte[] from, byte[] to, string failure, bool takeOver)
    {
        var here = FileDescriptor.WorkingDirectory;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var renamed = takeOver ? Libc.Rename(here, from, here, to) : Libc.RenameNoReplace(here, from, here, to);
            if (renamed == Errno.None)
                return;
            if (renamed != Errno.Exists)
                throw Failed(failure, ErrnoText.Describe(renamed));
            RemoveStale(to, failure);
        }
        throw Failed(failure, "others keep taking the name");
    }

    private static void RemoveStale(byte[] name, string failure)
    {
        if (StatusOf(name) is not { } found)
            return;
        if (found.Type != FileType.Socket)
            throw Failed(failure, "something that is no socket has the name");
        var connected = Libc.ConnectUnix(name);
        if (connected.IsOk)
        {
            using (connected.Descriptor)
                throw Failed(failure, Living(Libc.PeerCredentials(connected.Descriptor).ProcessId));
        }
        if (connected.Error == Errno.NoEntry)
            return;
        if (connected.Error != Errno.ConnectionRefused)
            throw Failed(failure, $"it is in use: {ErrnoText.Describe(connected.Error)}");
        if (StatusOf(name) is { } still && still.Inode == found.Inode)
            _ = Libc.Unlink(FileDescriptor.WorkingDirectory, name);
    }

    private static string Living(int pid) =>
        string.Create(CultureInfo.InvariantCulture, $"the server with pid {pid} has it");

    private static FileStatus? StatusOf(byte[] path) =>
        Libc.StatusOf(FileDescriptor.WorkingDirectory, path, out var status) == Errno.None ? status : null;

    private static TransferException Failed(string failure, string why) => new(TransferFailure.Listen, $"{failure}: {why}");
}
