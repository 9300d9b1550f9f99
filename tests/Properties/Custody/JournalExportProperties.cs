using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Custody;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Custody;

/// <summary>Entries that travel without their slot: a parked connection's, one that is handed on to another master.</summary>
[Properties(Arbitrary = [typeof(JournalEntries)], MaxTest = 300)]
public class JournalExportProperties
{
    private const int MostExported = JournalSlot.BodyLength - 16;

    [Property]
    public void An_imported_slot_holds_the_newest_entry_as_its_first(JournalEntry[] entries, JournalEntry next)
    {
        var memory = new JournalMemory();
        for (var i = 0; i < entries.Length; i++)
            memory.Write(entries[i], (ulong)i + 1, Fuse.Endless);
        var newest = memory.Newest.Entry;
        new Random(entries.Length).NextBytes(memory.Landing);
        var exported = JournalSlot.Export(memory.Bytes);
        Assert.Equal(entries.Length == 0, exported.Length == 0);
        Assert.Equal(entries.Length > 0, JournalSlot.IsWritten(memory.Bytes));
        Assert.InRange(exported.Length, 0, JournalSlot.LongestExport);

        // Whatever the slot held before: a slot is used again and again.
        var other = new JournalMemory();
        other.Write(next, 1, Fuse.Endless);
        other.Write(next, 2, Fuse.Endless);
        Assert.True(other.Import(exported));
        var sequence = entries.Length == 0 ? 0UL : 1;
        Assert.Equal(new JournalRecord(sequence, newest), other.Newest);
        Assert.Equal(exported, JournalSlot.Export(other.Bytes));
        // What has landed and is not accounted for travels along; nothing travels with an entry that needs nothing else.
        if (newest.Landing is null)
            Assert.InRange(exported.Length, 0, MostExported);
        else
            Assert.Equal(memory.Landing, other.Landing);
        other.Write(next, sequence + 1, Fuse.Endless);
        Assert.Equal(sequence + 1, other.Newest.Sequence);
    }

    [Property(MaxTest = 100)]
    public void A_write_that_is_torn_takes_nothing_from_what_is_exported(JournalEntry older, JournalEntry newer, NonNegativeInt steps)
    {
        var memory = new JournalMemory();
        memory.Write(older, 1, Fuse.Endless);
        var before = JournalSlot.Export(memory.Bytes);
        if (memory.Write(newer, 2, new Fuse(steps.Get % 5000)) || memory.Newest.Sequence == 2)
            return;
        Assert.Equal(before, JournalSlot.Export(memory.Bytes));
    }

    [Property]
    public void What_another_version_says_stays_another_versions(JournalEntry entry, byte version)
    {
        var memory = new JournalMemory();
        memory.Write(entry with { Landing = null }, 1, Fuse.Endless);
        var exported = JournalSlot.Export(memory.Bytes);
        exported[0] = version;
        var other = new byte[JournalSlot.Length];
        Assert.True(JournalSlot.Import(exported, other));
        Assert.Equal(exported, JournalSlot.Export(other));
        if (!JournalSlot.CanRead(version))
            Assert.Equal(new JournalError.OtherVersion(version, JournalSlot.Version), JournalSlot.Decode(other).Case);
    }

    [Property]
    public void Any_bytes_of_this_version_are_an_entry_or_unreadable(byte[] noise)
    {
        var slot = new byte[JournalSlot.Length];
        // What says that more has landed, and does not have it, is not whole.
        if (JournalSlot.Import([JournalSlot.Version, .. noise], slot))
            Assert.True(JournalSlot.Decode(slot).Case is JournalError.Unreadable(1) or JournalRecord { Sequence: 1 });
    }

    [Fact]
    public void What_is_too_long_for_a_slot_leaves_it_as_if_nothing_had_happened()
    {
        var slot = new byte[JournalSlot.Length];
        new Random(1).NextBytes(slot);
        var longest = new byte[MostExported];
        longest[0] = 77;
        Assert.False(JournalSlot.Import(new byte[MostExported + 1], slot));
        Assert.Equal(new JournalRecord(0, JournalEntry.Fresh), JournalSlot.Decode(slot).Case);
        Assert.True(JournalSlot.Import(longest, slot));
        Assert.Equal(longest, JournalSlot.Export(slot));
        // Damage is no other version: it leaves nothing.
        slot[JournalSlot.CopyLength + JournalSlot.BodyOffset + 100] ^= 1;
        Assert.Empty(JournalSlot.Export(slot));
        Assert.Equal(1UL, BinaryPrimitives.ReadUInt64LittleEndian(slot.AsSpan(JournalSlot.CopyLength)));
    }
}
