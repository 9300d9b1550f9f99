namespace Trainyard.Shell.Storage;

/// <summary>What a digest at rest says of its file.</summary>
internal enum ScrubVerdict
{
    /// <summary>The file is what it was.</summary>
    Ok,

    /// <summary>Nobody has changed the file, and yet its bytes are others: the disk or something below the file system did.</summary>
    Damaged,

    /// <summary>The file was changed after its digest was stored, which tells nothing about it any more.</summary>
    ChangedSince,

    /// <summary>The file cannot be read.</summary>
    Unreadable,
}
