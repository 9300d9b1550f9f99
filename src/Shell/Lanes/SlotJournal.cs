using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Lanes;

/// <summary>One connection's slot in the hands of its worker. Used by one thread.</summary>
internal sealed class SlotJournal(Journal journal, int slot)
{
    // What a GET and the entry of its answer usually take.
    private const int RequestBytes = 64;
    private const int EntryBytes = 256;

    private ulong _sequence;

    /// <summary>Where requests land that are taken out of the socket.</summary>
    public Span<byte> Landing => journal.Memory(slot)[JournalSlot.LandingOffset..];

    /// <summary>What the worker before has left; on a connection that is new, nothing with sequence 0. To be called before the first <see cref="Write(JournalEntry)"/>.</summary>
    public Either<JournalError, JournalRecord> Read() =>
        JournalSlot.Decode(journal.Memory(slot)).Map(record =>
        {
            _sequence = record.Sequence;
            return record;
        });

    /// <summary>Has fetched what the next request and the next short entry are written over.</summary>
    /// <param name="landed">How many bytes of the landing place are in use.</param>
    public void FetchAhead(int landed)
    {
        var memory = journal.Memory(slot);
        CacheLines.Fetch(memory.Slice(JournalSlot.LandingOffset + Math.Min(landed, JournalSlot.LandingLength - RequestBytes), RequestBytes));
        CacheLines.Fetch(memory.Slice(JournalSlot.CopyOffset(_sequence + 1), EntryBytes));
    }

    /// <summary>Replaces the entry. A process that dies in here leaves the old one or the new one.</summary>
    public void Write(JournalEntry entry)
    {
        var body = Begin();
        JournalSlot.EncodeBody(entry, _sequence + 1, body);
        End();
    }

    /// <summary>The same with an entry out of parts that were made before.</summary>
    public void Write(long written, long taken, long? landing, JournalPart session, ReadOnlySpan<JournalPart> answers, ReadOnlySpan<byte> ahead)
    {
        var body = Begin();
        JournalSlot.EncodeBody(written, taken, landing, session, answers, ahead, _sequence + 1, body);
        End();
    }

    // The order is what makes it safe: see JournalSlot.
    private Span<byte> Begin()
    {
        var copy = JournalSlot.CopyOffset(_sequence + 1);
        Volatile.Write(ref journal.Sequence(slot, copy), 0);
        return journal.Memory(slot).Slice(copy + JournalSlot.BodyOffset, JournalSlot.BodyLength);
    }

    private void End()
    {
        _sequence++;
        Volatile.Write(ref journal.Sequence(slot, JournalSlot.CopyOffset(_sequence)), _sequence);
    }
}
