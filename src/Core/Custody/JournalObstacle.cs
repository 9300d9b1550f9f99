namespace Trainyard.Core.Custody;

/// <summary>Why an answer cannot be gone on with by somebody who has only the journal. The numbers are the slot's and never change their meaning.</summary>
public enum JournalObstacle : byte
{
    /// <summary>It is not a function of what is journalled: a listing, or a change that may or may not have been made. The native protocol's.</summary>
    Answer = 1,

    /// <summary>What would have to be journalled is longer than a slot.</summary>
    Size = 2,

    /// <summary>The stream is encrypted, and its keys died with the process.</summary>
    Encryption = 3,
}
