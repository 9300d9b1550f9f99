namespace Trainyard.Shell;

/// <summary>How one file is downloaded.</summary>
public sealed record DownloadOptions
{
    /// <summary>Connections that bring ranges of a large file (from 64 MiB on) at the same time, <c>1 ..= 64</c>.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Only if nothing has the local name; told before anything moves, and again when the file gets its name.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Only this content; none for whatever is there.</summary>
    public FileIdentity IfIdentity { get; init; }

    /// <summary>How the digest is computed; <c>null</c> as the client's options say.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Nothing moves if the local file has the same size, time and digest already.</summary>
    public bool Update { get; init; }

    /// <summary>Gives the local file the permissions of the server's; else it has those that the umask leaves.</summary>
    public bool KeepMode { get; init; } = true;

    /// <summary>Gives the local file the time of modification of the server's.</summary>
    public bool KeepTime { get; init; } = true;

    /// <summary>Waits until the file is on the disk (fsync(2)) before it gets its name.</summary>
    public bool Durable { get; init; } = true;
}
