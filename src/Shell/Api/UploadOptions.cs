namespace Trainyard.Shell;

/// <summary>How one file is uploaded.</summary>
public sealed record UploadOptions
{
    /// <summary>Only if the server has no such file.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Only over the file of this identity; none for whatever is there.</summary>
    public FileIdentity IfIdentity { get; init; }

    /// <summary>How the digest is computed; <c>null</c> as the client's options say.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Nothing moves if the server's file has the same size, time and digest already.</summary>
    public bool Update { get; init; }

    /// <summary>The permission bits at the server, <c>0 ..= 07777</c>; <c>null</c> for those of the file, or the server's default for a stream.</summary>
    public int? Mode { get; init; }

    /// <summary>The time of modification at the server, in nanoseconds since 1970-01-01 UTC; <c>null</c> for that of the file, or now for a stream.</summary>
    public long? ModifiedNs { get; init; }
}
