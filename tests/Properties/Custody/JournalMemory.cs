using System.Buffers.Binary;
using Trainyard.Core.Custody;

namespace Trainyard.Properties.Custody;

/// <summary>A slot in memory that outlives its writer, who may die at any byte of a write.</summary>
internal sealed class JournalMemory
{
    private readonly byte[] _slot = new byte[JournalSlot.Length];

    /// <summary>The slot as it stands.</summary>
    internal ReadOnlySpan<byte> Bytes => _slot;

    /// <summary>The newest entry that is whole.</summary>
    internal JournalRecord Newest => JournalSlot.Decode(_slot).IfLeft(static error => throw new InvalidOperationException($"{error}"));

    /// <summary>The landing place.</summary>
    internal Span<byte> Landing => _slot.AsSpan(JournalSlot.LandingOffset);

    /// <summary>Begins anew with what was exported from another slot.</summary>
    internal bool Import(ReadOnlySpan<byte> exported) => JournalSlot.Import(exported, _slot);

    /// <summary>Writes an entry in the three steps that the rules demand.</summary>
    /// <returns>Whether all of it was written.</returns>
    internal bool Write(JournalEntry entry, ulong sequence, Fuse fuse)
    {
        var body = new byte[JournalSlot.BodyLength];
        JournalSlot.EncodeBody(entry, sequence, body);
        var copy = _slot.AsSpan(JournalSlot.CopyOffset(sequence), JournalSlot.CopyLength);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        Store(number, copy, fuse);
        Store(body.AsSpan().TrimEnd((byte)0), copy[JournalSlot.BodyOffset..], fuse);
        if (!fuse.IsBurnt)
            body.CopyTo(copy[JournalSlot.BodyOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(number, sequence);
        Store(number, copy, fuse);
        return !fuse.IsBurnt;
    }

    private static void Store(ReadOnlySpan<byte> bytes, Span<byte> to, Fuse fuse)
    {
        var count = fuse.Take(bytes.Length);
        bytes[..count].CopyTo(to);
    }
}
