namespace Trainyard.Shell;

/// <summary>How a worker moves a file's bytes into a connection.</summary>
public enum SendStrategy
{
    /// <summary>The one that was measured fastest for the dialect; see the decisions in the documentation.</summary>
    Auto,

    /// <summary>preadv(2) into a buffer, then send(2); many small trains leave in one call.</summary>
    Copy,

    /// <summary>mmap(2) of the file, then sendmsg(2) straight from the mapping.</summary>
    Mmap,

    /// <summary>sendfile(2): the bytes never enter the process.</summary>
    Sendfile,

    /// <summary>splice(2) through a pipe of the connection's: the bytes never enter the process. Two descriptors more a connection.</summary>
    Splice,
}
