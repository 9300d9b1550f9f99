using FsCheck;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Custody;

[Properties(Arbitrary = [typeof(JournalEntries)], MaxTest = 300)]
public class JournalSlotProperties
{
    [Property(MaxTest = 1000)]
    public void An_entry_comes_back_as_it_was_written_or_as_too_long(JournalEntry entry)
    {
        var memory = new JournalMemory();
        Assert.True(memory.Write(entry, 1, Fuse.Endless));
        Assert.Equal(new JournalRecord(1, JournalSlot.Fits(entry) ? entry : TooLong(entry)), memory.Newest);
    }

    [Property(MaxTest = 1000)]
    public void An_entry_out_of_parts_is_the_same_entry(JournalEntry entry)
    {
        Span<byte> whole = new byte[JournalSlot.BodyLength], parts = new byte[JournalSlot.BodyLength];
        var fits = JournalSlot.EncodeBody(entry, 7, whole);
        Assert.Equal(
            fits,
            JournalSlot.EncodeBody(
                entry.Written,
                entry.Taken,
                entry.Landing,
                JournalPart.Of(entry.Session),
                entry.Answers.Select(JournalPart.Of).ToArray(),
                entry.Ahead.Span,
                7,
                parts));
        Assert.Equal(JournalSlot.Fits(entry), fits);
        // What does not fit may leave some of itself behind the end.
        var length = 8 + System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(whole[4..]);
        Assert.Equal(whole[..length], parts[..length]);
    }

    [Property(MaxTest = 60)]
    public void A_write_torn_at_any_byte_leaves_the_older_entry_or_the_newer(JournalEntry[] entries, PositiveInt stride)
    {
        var memory = new JournalMemory();
        var (older, sequence) = (JournalEntry.Fresh, 0UL);
        foreach (var entry in entries.Take(4))
        {
            sequence++;
            var newer = JournalSlot.Fits(entry) ? entry : TooLong(entry);
            for (var steps = 0; ; steps += 1 + (stride.Get % 100))
            {
                var isWhole = memory.Write(entry, sequence, new Fuse(steps));
                var found = memory.Newest;
                Assert.Equal(isWhole || found.Sequence == sequence ? new JournalRecord(sequence, newer) : new(sequence - 1, older), found);
                if (isWhole)
                    break;
            }
            older = newer;
        }
    }

    [Property]
    public void Damage_invents_nothing(JournalEntry first, JournalEntry second, int at, byte flip)
    {
        var memory = new JournalMemory();
        memory.Write(first, 1, Fuse.Endless);
        memory.Write(second, 2, Fuse.Endless);
        var slot = memory.Bytes.ToArray();
        slot[(at & int.MaxValue) % slot.Length] ^= (byte)(flip | 1);
        Assert.Contains(
            JournalSlot.Decode(slot).IfLeft(static error => throw new InvalidOperationException($"{error}")),
            new JournalRecord[] { new(1, Kept(first)), new(2, Kept(second)) });
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_are_read_without_a_throw(byte[] noise, byte[] more, bool sealed_, bool known)
    {
        var slot = new byte[JournalSlot.Length];
        var body = slot.AsSpan(JournalSlot.CopyLength + JournalSlot.BodyOffset, JournalSlot.BodyLength);
        byte[] entry = [known ? JournalSlot.Version : (byte)77, .. noise, .. more];
        body = body[..(16 + Math.Min(entry.Length, 4000))];
        entry.AsSpan(0, Math.Min(entry.Length, 4000)).CopyTo(body[16..]);
        slot[JournalSlot.CopyLength] = 1;
        body[8] = 1;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body[4..], body.Length - 8);
        if (sealed_)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(body, ReferenceChecksum(body[4..]));
        var decoded = JournalSlot.Decode(slot).Case;
        if (!sealed_)
            Assert.Equal(new JournalRecord(0, JournalEntry.Fresh), decoded);
        else if (!known)
            Assert.Equal(new JournalError.OtherVersion(77, JournalSlot.Version), decoded);
        else
            Assert.True(decoded is JournalError.Unreadable(1) or JournalRecord { Sequence: 1 }, $"{decoded}");
    }

    [Property]
    public void A_sealed_entry_with_other_bytes_is_refused_or_one_that_can_be_judged(JournalEntry entry, int at, byte flip, long queued, long taken)
    {
        var memory = new JournalMemory();
        memory.Write(entry, 1, Fuse.Endless);
        var slot = memory.Bytes.ToArray();
        var body = slot.AsSpan(JournalSlot.CopyLength + JournalSlot.BodyOffset, JournalSlot.BodyLength);
        var end = 8 + System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        body[17 + ((at & int.MaxValue) % (end - 17))] ^= (byte)(flip | 1);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(body, ReferenceChecksum(body[4..end]));
        switch (JournalSlot.Decode(slot).Case)
        {
            case JournalRecord(1, var other):
                Assert.NotNull(Recovery.Judge(other, new(queued & long.MaxValue, taken & long.MaxValue)));
                break;
            case var error:
                Assert.Equal(new JournalError.Unreadable(1), error);
                break;
        }
    }

    [Fact]
    public void A_slot_of_zeros_is_a_connection_on_which_nothing_has_happened()
    {
        Assert.Equal(new JournalRecord(0, JournalEntry.Fresh), JournalSlot.Decode(new byte[JournalSlot.Length]).Case);
        Assert.Equal(new JournalError.Unreadable(0), JournalSlot.Decode(new byte[JournalSlot.Length - 1]).Case);
        Assert.False(JournalSlot.EncodeBody(JournalEntry.Fresh, 1, new byte[JournalSlot.BodyLength - 1]));
    }

    private static JournalEntry Kept(JournalEntry entry) => JournalSlot.Fits(entry) ? entry : TooLong(entry);

    private static JournalEntry TooLong(JournalEntry entry) =>
        new(entry.Written, entry.Taken, null, new Arr<JournalAnswer>([new JournalAnswer.Unrepeatable(JournalObstacle.Size)]), default);

    /// <summary>CRC-32C bit by bit (RFC 3720, appendix B.4).</summary>
    private static uint ReferenceChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78);
        }
        return ~crc;
    }
}
