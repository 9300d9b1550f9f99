namespace Trainyard.Core.Protocol;

/// <summary>What a directory entry is. The numbers are the wire's.</summary>
public enum EntryKind
{
    /// <summary>A regular file.</summary>
    File = 1,

    /// <summary>A directory.</summary>
    Directory = 2,

    /// <summary>A symbolic link.</summary>
    Link = 3,

    /// <summary>A device, FIFO or socket: seen, never served.</summary>
    Other = 4,
}
