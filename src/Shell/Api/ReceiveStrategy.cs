namespace Trainyard.Shell;

/// <summary>How a client moves bytes from its connection into a file.</summary>
public enum ReceiveStrategy
{
    /// <summary>recv(2) into a buffer that stays in cache for the digest, then write(2).</summary>
    Copy,

    /// <summary>mmap(2) of the file, and recv(2) straight into the mapping.</summary>
    Mmap,

    /// <summary>splice(2) through a pipe: the bytes never enter the process on their way to the file.</summary>
    Splice,
}
