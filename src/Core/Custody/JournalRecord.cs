namespace Trainyard.Core.Custody;

/// <summary>An entry as it was found in a slot.</summary>
/// <param name="Sequence">Its number, from 1 on; 0 where none was written yet. The next one has one more.</param>
/// <param name="Entry">The entry.</param>
public sealed record JournalRecord(ulong Sequence, JournalEntry Entry);
