using LanguageExt;
using Trainyard.Core.Custody;

namespace Trainyard.Shell.Lanes;

/// <summary>One connection's slot in the hands of its worker. Used by one thread.</summary>
internal sealed class SlotJournal(Journal journal, int slot)
{
    private ulong _sequence;

    /// <summary>What the worker before has left; on a connection that is new, nothing with sequence 0. To be called before the first <see cref="Write"/>.</summary>
    public Either<JournalError, JournalRecord> Read() =>
        JournalSlot.Decode(journal.Memory(slot)).Map(record =>
        {
            _sequence = record.Sequence;
            return record;
        });

    /// <summary>Replaces the entry. A process that dies in here leaves the old one or the new one.</summary>
    public void Write(JournalEntry entry)
    {
        var sequence = _sequence + 1;
        var copy = JournalSlot.CopyOffset(sequence);
        // The order is what makes it safe: see JournalSlot.
        Volatile.Write(ref journal.Sequence(slot, copy), 0);
        JournalSlot.EncodeBody(entry, sequence, journal.Memory(slot).Slice(copy + JournalSlot.BodyOffset, JournalSlot.BodyLength));
        Volatile.Write(ref journal.Sequence(slot, copy), sequence);
        _sequence = sequence;
    }
}
