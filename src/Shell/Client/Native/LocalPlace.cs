using System.IO.Hashing;
using System.Text;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>Where a download goes: a name in an open directory.</summary>
/// <param name="Directory">The directory; whose it is, says the maker.</param>
/// <param name="Name">The name, in bytes.</param>
/// <param name="Display">The whole path, for messages.</param>
internal sealed record LocalPlace(FileDescriptor Directory, byte[] Name, string Display)
{
    /// <summary>A path of the caller's; the way to it may lead through links.</summary>
    /// <exception cref="TransferException">There is no such directory, or the path names none but a directory.</exception>
    public static LocalPlace Of(string file)
    {
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(file));
        if (name.Length == 0)
            throw new TransferException(TransferFailure.LocalIO, $"{file}: this names a directory, not a file");
        var parent = Path.GetDirectoryName(file);
        var directory = Encoding.UTF8.GetBytes(string.IsNullOrEmpty(parent) ? "." : parent);
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, directory, OpenFlags.Path | OpenFlags.Directory);
        return opened.IsOk
            ? new(opened.Descriptor, name, file)
            : throw LocalFailure.Of($"cannot open the directory {SafeText.Of(directory)}", opened.Error);
    }

    /// <summary>What has the name already; <c>null</c> where nothing has.</summary>
    public FileStatus? Status => Libc.StatusOf(Directory, Name, out var status) == Errno.None ? status : null;

    /// <summary>What the file on its way is called after: another server, path or name is another file.</summary>
    public string KeyOf(TrainAddress server, TrainPath path) =>
        Convert.ToHexStringLower(XxHash128.Hash([.. Encoding.UTF8.GetBytes(server.Server), 0, .. path.Bytes, 0, .. Name]));

    /// <summary>Whether an earlier download to here has left something to go on with.</summary>
    public bool HasPartial(string key) => Libc.StatusOf(Directory, PartialNames.Map(key), out _) == Errno.None;

    /// <summary>Refuses what a file cannot replace, or must not.</summary>
    /// <exception cref="TransferException">It is a directory; or it is there, and is not to be replaced.</exception>
    public void Check(bool noClobber)
    {
        if (Status is not { } status)
            return;
        if (status.Type == FileType.Directory)
            throw new TransferException(TransferFailure.LocalIO, $"{Display}: this is a directory");
        if (noClobber)
            throw Taken();
    }

    /// <summary>Something has the name already.</summary>
    public TransferException Taken() => new(TransferFailure.Exists, $"{Display}: this is there already");
}
