using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Describes what lies in the tree.</summary>
internal static class EntryReader
{
    /// <summary>Describes a name in a directory; a link itself.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The name.</param>
    /// <param name="path">Its path below the root.</param>
    public static StoreResult<Entry> Read(FileDescriptor directory, ReadOnlySpan<byte> name, RemotePath path)
    {
        var error = Libc.StatusOf(directory, name, out var status);
        if (error != Errno.None)
            return new(StoreFailure.Of(error));
        if (status.Type != FileType.SymbolicLink)
            return new(Of(path, status, []));
        Span<byte> target = stackalloc byte[Libc.PathLimit];
        var read = Libc.ReadLink(directory, name, target);
        return read.IsOk ? new(Of(path, status, target[..(int)read.Count])) : new(StoreFailure.Of(read.Error));
    }

    /// <summary>The description of something with this status.</summary>
    public static Entry Of(RemotePath? path, FileStatus status, ReadOnlySpan<byte> target)
    {
        var isFile = status.Type == FileType.Regular;
        var kind = status.Type switch
        {
            FileType.Regular => EntryKind.File,
            FileType.Directory => EntryKind.Directory,
            FileType.SymbolicLink => EntryKind.Link,
            _ => EntryKind.Other,
        };
        return new(
            path, kind, isFile ? status.Size : 0, status.ModifiedNs, status.Permissions, isFile ? FileIdentity.Of(status) : default, new(target));
    }
}
