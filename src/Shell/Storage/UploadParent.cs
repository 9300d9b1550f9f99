using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>The directory that the last of a connection's uploads went into, for the next one. For one thread.</summary>
/// <remarks>
/// A directory may be moved at any time, and what is asked after that must find the new one. So this holds only for requests that had come when the directory was
/// opened: they may be carried out as things were then. Whoever receives more calls <see cref="Forget"/> before.
/// </remarks>
internal sealed class UploadParent : IDisposable
{
    private UploadDirectory? _directory;
    private byte[] _path = [];

    /// <summary>The directory of a path, opened beneath a root or as it was a moment ago.</summary>
    /// <param name="root">The root.</param>
    /// <param name="path">The path whose last component lies in it.</param>
    /// <returns>The directory, to be disposed; or why it cannot be had.</returns>
    public (UploadDirectory? Directory, Errno Error) Open(FileDescriptor root, RemotePath path)
    {
        var parent = path.Span[..Math.Max(0, path.Span.LastIndexOf((byte)'/'))];
        if (_directory is not null && parent.SequenceEqual(_path))
            return (_directory.Share(), Errno.None);
        Forget();
        var name = parent.IsEmpty ? "."u8 : parent;
        var opened = OpenBeneath.Open(root, name, OpenFlags.ReadOnly | OpenFlags.Directory);
        var isReadable = opened.IsOk;
        if (opened.Error == Errno.AccessDenied)
            opened = OpenBeneath.Open(root, name, OpenFlags.Path | OpenFlags.Directory);
        if (!opened.IsOk)
            return (null, opened.Error);
        _directory = new(opened.Descriptor, isReadable);
        _path = parent.ToArray();
        return (_directory.Share(), Errno.None);
    }

    /// <summary>The next one is opened anew.</summary>
    public void Forget()
    {
        _directory?.Dispose();
        _directory = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();
}
