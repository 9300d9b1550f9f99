using System.Buffers.Binary;
using LanguageExt;
using Trainyard.Core.Protocol;
using static LanguageExt.Prelude;
using Answer = Trainyard.Core.Custody.JournalAnswer;

namespace Trainyard.Core.Custody;

/// <summary>A connection's place in the journal: two copies, of which the newer whole one counts. A write torn at any byte leaves the older.</summary>
/// <remarks>
/// <para>A copy, little-endian: sequence (8), then the body: CRC-32C (4) of all that follows it, length of that (4), the sequence again (8), version (1), the
/// entry. What lies behind is left over and means nothing. A slot of zeros, which every connection begins with, holds <see cref="JournalEntry.Fresh"/> with
/// sequence 0.</para>
/// <para>There is one writer, and nobody reads until it is gone. It writes the copy that does not hold the newest entry, in three steps that must not
/// change their order: 1. zeros over the copy's sequence; 2. the body (<see cref="EncodeBody(JournalEntry, ulong, Span{byte})"/>); 3. the new sequence. So a copy that is being
/// written has no sequence, and whether it counts does not hang on the checksum alone: that is for memory that somebody has damaged.</para>
/// <para>A copy that is whole and cannot be read (another version's) hides the older one, which says no longer what is true.</para>
/// </remarks>
public static class JournalSlot
{
    /// <summary>Bytes of a slot.</summary>
    public const int Length = 2 * CopyLength;

    /// <summary>Bytes of one copy.</summary>
    public const int CopyLength = 4096;

    /// <summary>Where a copy's body begins, in bytes from its sequence.</summary>
    public const int BodyOffset = sizeof(ulong);

    /// <summary>Bytes that a body may have.</summary>
    public const int BodyLength = CopyLength - BodyOffset;

    /// <summary>The version described here.</summary>
    public const byte Version = 3;

    // The same, but that an upload is committed before anything behind it is read.
    private const byte VersionBefore = 2;

    private const int LengthOffset = sizeof(uint);
    private const int SequenceOffset = LengthOffset + sizeof(int);
    private const int VersionOffset = SequenceOffset + sizeof(ulong);
    private const int EntryOffset = VersionOffset + 1;

    /// <summary>Whether entries of a version can be read: so long as they can, a connection goes on across releases.</summary>
    public static bool CanRead(byte version) => version is Version or VersionBefore;

    /// <summary>Where the copy with this sequence stands, in bytes from the slot's beginning. Each follows the one before it: 1, 2, 3, ...</summary>
    public static int CopyOffset(ulong sequence) => (sequence & 1) == 0 ? 0 : CopyLength;

    /// <summary>Whether there is room for an entry. If not, send or use something first: <see cref="EncodeBody(JournalEntry, ulong, Span{byte})"/> would give the connection up.</summary>
    public static bool Fits(JournalEntry entry)
    {
        Span<byte> body = stackalloc byte[BodyLength];
        return WriteEntry(entry, body) > 0;
    }

    /// <summary>Writes the body of an entry's copy.</summary>
    /// <param name="entry">The entry. One without room is written as an answer that cannot be repeated (<see cref="JournalObstacle.Size"/>).</param>
    /// <param name="sequence">One more than the newest entry's; 1 for the first.</param>
    /// <param name="body">Exactly <see cref="BodyLength"/> bytes.</param>
    /// <returns>Whether the entry itself was written; nothing is where <paramref name="body"/> has another length.</returns>
    public static bool EncodeBody(JournalEntry entry, ulong sequence, Span<byte> body)
    {
        if (body.Length != BodyLength)
            return false;
        return Finish(WriteEntry(entry, body), entry.Written, entry.Taken, sequence, body);
    }

    /// <summary>The same of an entry out of parts that were made before.</summary>
    /// <param name="written">As in <see cref="JournalEntry"/>.</param>
    /// <param name="taken">As in <see cref="JournalEntry"/>.</param>
    /// <param name="session">The session.</param>
    /// <param name="answers">The answers.</param>
    /// <param name="ahead">As in <see cref="JournalEntry"/>.</param>
    /// <param name="sequence">As in the other form.</param>
    /// <param name="body">As in the other form.</param>
    public static bool EncodeBody(
        long written, long taken, JournalPart session, ReadOnlySpan<JournalPart> answers, ReadOnlySpan<byte> ahead, ulong sequence, Span<byte> body)
    {
        if (body.Length != BodyLength)
            return false;
        var to = new SlotWriter(body[EntryOffset..]);
        JournalEntryCodec.Write(ref to, written, taken, session, answers, ahead);
        return Finish(to.Fits ? EntryOffset + to.Length : 0, written, taken, sequence, body);
    }

    private static bool Finish(int end, long written, long taken, ulong sequence, Span<byte> body)
    {
        var isWhole = end > 0;
        if (!isWhole)
            end = WriteEntry(new(written, taken, null, new Arr<Answer>([new Answer.Unrepeatable(JournalObstacle.Size)]), default), body);
        body[VersionOffset] = Version;
        Seal(body, sequence, end);
        return isWhole;
    }

    /// <summary>Reads the newest whole entry.</summary>
    /// <param name="slot"><see cref="Length"/> bytes.</param>
    public static Either<JournalError, JournalRecord> Decode(ReadOnlySpan<byte> slot)
    {
        if (slot.Length != Length)
            return Left<JournalError, JournalRecord>(new JournalError.Unreadable(0));
        var (even, odd) = (SequenceOf(slot, 0), SequenceOf(slot, 1));
        var newest = Math.Max(even, odd);
        if (newest == 0)
            return Right<JournalError, JournalRecord>(new(0, JournalEntry.Fresh));
        var body = BodyOf(slot, newest);
        if (!CanRead(body[VersionOffset]))
            return Left<JournalError, JournalRecord>(new JournalError.OtherVersion(body[VersionOffset], Version));
        return JournalEntryCodec.Read(body[EntryOffset..(int)EndOf(body)]) is { } entry
            ? Right<JournalError, JournalRecord>(new(newest, entry))
            : Left<JournalError, JournalRecord>(new JournalError.Unreadable(newest));
    }

    /// <summary>Takes the newest whole entry out, to be kept or passed on without its slot. It may be another version's: who decodes it, finds that.</summary>
    /// <param name="slot"><see cref="Length"/> bytes.</param>
    /// <returns>Bytes for <see cref="Import"/>; empty where nothing was written.</returns>
    public static ReadOnlySpan<byte> Export(ReadOnlySpan<byte> slot)
    {
        var newest = Math.Max(SequenceOf(slot, 0), SequenceOf(slot, 1));
        var body = BodyOf(slot, newest);
        return newest == 0 ? default : body[VersionOffset..(int)EndOf(body)];
    }

    /// <summary>Begins a slot that nobody else looks at yet, with what was taken out of another; with nothing where that is empty.</summary>
    /// <param name="exported">What <see cref="Export"/> gave.</param>
    /// <param name="slot"><see cref="Length"/> bytes.</param>
    /// <returns>Whether there was room.</returns>
    public static bool Import(ReadOnlySpan<byte> exported, Span<byte> slot)
    {
        const ulong First = 1;
        slot[..BodyOffset].Clear();
        slot.Slice(CopyLength, BodyOffset).Clear();
        if (exported.IsEmpty)
            return true;
        if (exported.Length > BodyLength - VersionOffset)
            return false;
        var body = slot.Slice(CopyOffset(First) + BodyOffset, BodyLength);
        exported.CopyTo(body[VersionOffset..]);
        Seal(body, First, VersionOffset + exported.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[CopyOffset(First)..], First);
        return true;
    }

    private static void Seal(Span<byte> body, ulong sequence, int end)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(body[SequenceOffset..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(body[LengthOffset..], end - SequenceOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(body, Checksum.Of(body[LengthOffset..end]));
    }

    /// <summary>The sequence of a copy that is whole; else 0.</summary>
    private static ulong SequenceOf(ReadOnlySpan<byte> slot, ulong copy)
    {
        var sequence = BinaryPrimitives.ReadUInt64LittleEndian(slot[CopyOffset(copy)..]);
        if (sequence == 0 || (sequence & 1) != copy)
            return 0;
        var body = BodyOf(slot, copy);
        return EndOf(body) is >= EntryOffset and <= BodyLength and var end
            && BinaryPrimitives.ReadUInt64LittleEndian(body[SequenceOffset..]) == sequence
            && BinaryPrimitives.ReadUInt32LittleEndian(body) == Checksum.Of(body[LengthOffset..(int)end])
            ? sequence
            : 0;
    }

    private static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> slot, ulong sequence) => slot.Slice(CopyOffset(sequence) + BodyOffset, BodyLength);

    private static long EndOf(ReadOnlySpan<byte> body) => SequenceOffset + (long)BinaryPrimitives.ReadInt32LittleEndian(body[LengthOffset..]);

    /// <returns>Where the entry ends in the body; 0 where it has no room.</returns>
    private static int WriteEntry(JournalEntry entry, Span<byte> body)
    {
        var to = new SlotWriter(body[EntryOffset..]);
        JournalEntryCodec.Write(ref to, entry);
        return to.Fits ? EntryOffset + to.Length : 0;
    }
}
