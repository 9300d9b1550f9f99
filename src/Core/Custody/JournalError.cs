namespace Trainyard.Core.Custody;

/// <summary>Why a slot has no entry that can be used. Its connection is ended.</summary>
public abstract record JournalError
{
    private JournalError() { }

    /// <summary>The newest entry is another version's.</summary>
    /// <param name="Found">Its version.</param>
    /// <param name="Known">The one that is understood.</param>
    public sealed record OtherVersion(byte Found, byte Known) : JournalError;

    /// <summary>The newest entry is whole and means nothing. A fault of its writer.</summary>
    /// <param name="Sequence">Its number; 0 where the slot itself is not one.</param>
    public sealed record Unreadable(ulong Sequence) : JournalError;
}
