namespace Trainyard.Shell;

/// <summary>How far a transfer is.</summary>
/// <param name="Bytes">Bytes of the file or the set that are there, those included that were there before.</param>
/// <param name="Total">Bytes that it will be; <c>null</c> while that is not known.</param>
public readonly record struct TransferProgress(long Bytes, long? Total)
{
    /// <summary>How many of <see cref="Bytes"/> did not move in this call: an earlier one had brought them. No part of a rate.</summary>
    public long Resumed { get; init; }

    /// <summary>Files that are complete; 0 in a transfer of one file that is not.</summary>
    public long Files { get; init; }

    /// <summary>Files of the whole set; <c>null</c> while that is not known.</summary>
    public long? TotalFiles { get; init; }

    /// <summary>What moves now, safe to print; <c>null</c> where nothing in particular does.</summary>
    public string? Current { get; init; }

    /// <summary>How often the connection was made anew up to now.</summary>
    public int Reconnects { get; init; }
}
