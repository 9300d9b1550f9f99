namespace Trainyard.Shell;

/// <summary>What reading a file again said about the digest that is kept of it.</summary>
public enum ScrubResult
{
    /// <summary>The file is what it was.</summary>
    Whole,

    /// <summary>Nobody has changed the file, and yet its bytes are others: the disk, or something below the file system, has.</summary>
    Damaged,

    /// <summary>The file was changed after its digest was kept, which tells nothing about it any more.</summary>
    Changed,

    /// <summary>The file cannot be read.</summary>
    Unreadable,
}
