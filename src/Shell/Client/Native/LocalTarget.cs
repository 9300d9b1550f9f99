using System.Text;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// The local directory that a tree comes into. Every name is resolved beneath it by the kernel, so nothing outside it is touched, whatever a
/// server calls its files and whatever links lie here already. Thread-safe.
/// </summary>
internal sealed class LocalTarget : IDisposable
{
    private const uint OwnerOnly = 0x1C0;
    private const uint ForAll = 0x1FF;

    private readonly string _name;
    private readonly FileDescriptor _root;
    private readonly bool _keepsAttributes;

    private LocalTarget(string name, FileDescriptor root, bool isNew, bool keepsAttributes)
    {
        _name = name;
        _root = root;
        IsNew = isNew;
        _keepsAttributes = keepsAttributes;
    }

    /// <summary>Whether the directory was made for this.</summary>
    public bool IsNew { get; }

    /// <summary>Opens the directory, and makes it and what leads to it where they are missing.</summary>
    /// <exception cref="TransferException">It cannot be had.</exception>
    public static LocalTarget Open(string directory, bool keepsAttributes)
    {
        var isNew = !Directory.Exists(directory);
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"cannot make the directory {directory}: {failure.Message}", failure);
        }
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(directory), OpenFlags.ReadOnly | OpenFlags.Directory);
        return opened.IsOk
            ? new(directory, opened.Descriptor, isNew, keepsAttributes)
            : throw LocalFailure.Of($"cannot open the directory {directory}", opened.Error);
    }

    /// <summary>The path of an entry, for messages.</summary>
    public string NameOf(ReadOnlySpan<byte> path) => path.IsEmpty ? _name : $"{_name}/{SafeText.Of(path)}";

    /// <summary>The place of an entry; its directory, which the caller closes, is there already.</summary>
    /// <exception cref="TransferException">The directory cannot be opened.</exception>
    public LocalPlace PlaceOf(byte[] path)
    {
        var parent = ParentOf(path);
        var opened = OpenBeneath.Open(_root, parent.IsEmpty ? "."u8 : parent, OpenFlags.Path | OpenFlags.Directory);
        return opened.IsOk
            ? PlaceIn(opened.Descriptor, path)
            : throw LocalFailure.Of($"cannot open the directory of {NameOf(path)}", opened.Error);
    }

    /// <summary>The place of an entry whose directory is open already.</summary>
    public LocalPlace PlaceIn(FileDescriptor directory, byte[] path) => new(directory, path[(path.AsSpan().LastIndexOf((byte)'/') + 1)..], NameOf(path));

    /// <summary>The path of an entry's directory; empty for the target itself.</summary>
    public static ReadOnlySpan<byte> ParentOf(byte[] path) => path.AsSpan(0, Math.Max(0, path.AsSpan().LastIndexOf((byte)'/')));

    /// <summary>Makes a directory, or finds it there.</summary>
    /// <exception cref="TransferException">It cannot be made, or something else has its name.</exception>
    public void MakeDirectory(byte[] path)
    {
        var place = PlaceOf(path);
        using (place.Directory)
        {
            // Its own mode comes last: it may forbid what is still to be done in it.
            var error = Libc.MakeDirectory(place.Directory, place.Name, _keepsAttributes ? OwnerOnly : ForAll);
            if (error == Errno.Exists && place.Status is { Type: FileType.Directory })
                return;
            error.ThrowIfError($"cannot make the directory {place.Display}");
        }
    }

    /// <summary>Makes a link; whatever it says is not looked at.</summary>
    /// <returns>Whether it was made; else something was there that is not to be replaced.</returns>
    /// <exception cref="TransferException">It cannot be made.</exception>
    public bool MakeLink(RemoteEntry entry, byte[] path, bool noClobber)
    {
        var place = PlaceOf(path);
        using (place.Directory)
        {
            var error = Libc.MakeSymbolicLink(entry.Target.Span, place.Directory, place.Name);
            if (error == Errno.Exists && noClobber)
                return false;
            if (error == Errno.Exists)
            {
                // Replaced in one step, as files are.
                var hidden = TemporaryName.Create();
                error = Libc.MakeSymbolicLink(entry.Target.Span, place.Directory, hidden);
                if (error == Errno.None && Libc.Rename(place.Directory, hidden, place.Directory, place.Name) is var refused and not Errno.None)
                {
                    error = refused;
                    _ = Libc.Unlink(place.Directory, hidden);
                }
            }
            error.ThrowIfError($"cannot make the link {place.Display}");
            if (_keepsAttributes)
                _ = Libc.SetModifiedOf(place.Directory, place.Name, entry.ModifiedNs);
            return true;
        }
    }

    /// <summary>Gives a directory its mode and time, once nothing more is put into it.</summary>
    /// <exception cref="TransferException">They cannot be set.</exception>
    public void SetAttributes(RemoteEntry entry, byte[] path)
    {
        var opened = OpenBeneath.Open(_root, path.Length == 0 ? "."u8 : path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (!opened.IsOk)
            throw LocalFailure.Of($"cannot open the directory {NameOf(path)}", opened.Error);
        using (opened.Descriptor)
        {
            var error = Libc.SetMode(opened.Descriptor, entry.Mode & FileDownload.KeptMode);
            if (error == Errno.None)
                error = Libc.SetModified(opened.Descriptor, entry.ModifiedNs);
            error.ThrowIfError($"cannot set mode and time of {NameOf(path)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
