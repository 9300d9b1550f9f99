namespace Trainyard.Core.Protocol;

/// <summary>A file, directory or link below the served root.</summary>
/// <param name="Path">Where it lies below the root; <c>null</c> is the root itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of a file; 0 for anything else.</param>
/// <param name="Modified">The time of the last change of content, in nanoseconds since 1970-01-01 UTC (st_mtim of stat(3type)).</param>
/// <param name="Mode">The permission bits, <c>0 ..= 07777</c> (inode(7)).</param>
/// <param name="Identity">The content's identity; empty for what is no file.</param>
/// <param name="Target">Where a link leads, as it is written there (readlink(2)); empty for anything else.</param>
public sealed record Entry(RemotePath? Path, EntryKind Kind, long Size, long Modified, int Mode, Opaque Identity, Opaque Target)
{
    /// <summary>The highest mode: permissions, set-user-ID, set-group-ID, sticky.</summary>
    public const int MaximumMode = 0xfff;
}
