namespace Trainyard.Shell;

/// <summary>How a tree is transferred.</summary>
public sealed record TreeOptions
{
    /// <summary>
    /// Connections that carry files at the same time, <c>1 ..= 64</c>; 0 is up to four where there are many files, as far as the server has room for them at once.
    /// </summary>
    public int Jobs { get; init; }

    /// <summary>Files that are there already stay as they are and count as skipped.</summary>
    public bool NoClobber { get; init; }

    /// <summary>A file moves only where size, time or digest differ from the one that is there.</summary>
    public bool Update { get; init; }

    /// <summary>How digests are computed; <c>null</c> as the client's options say.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Keeps permissions and times of files and directories.</summary>
    public bool KeepAttributes { get; init; } = true;

    /// <summary>Waits for the disk (fsync(2)) at each file of a download. Uploads are always durable when the server says so.</summary>
    public bool Durable { get; init; }

    /// <summary>
    /// Which entries of the server's tree are downloaded; <c>null</c> is all. Directories that lead to a chosen entry are made in any case.
    /// Asked for every entry once, by one thread at a time.
    /// </summary>
    public Func<RemoteEntry, bool>? Choose { get; init; }
}
