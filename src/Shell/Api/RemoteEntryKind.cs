namespace Trainyard.Shell;

/// <summary>What an entry at a server is.</summary>
public enum RemoteEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A device, FIFO or socket: listed, never served.</summary>
    Other,
}
