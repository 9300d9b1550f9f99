using System.Buffers.Binary;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>Fields into a bounded span, little-endian. What does not fit is left out and counted, so that the caller asks once at the end.</summary>
internal ref struct SlotWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    /// <summary>Bytes that all fields take, also those that did not fit.</summary>
    internal int Length { get; private set; }

    /// <summary>Whether every field fitted.</summary>
    internal readonly bool Fits => Length <= _to.Length;

    internal void Byte(int value)
    {
        if (Take(1) is { IsEmpty: false } to)
            to[0] = (byte)value;
    }

    internal void Short(int value)
    {
        if (Take(sizeof(ushort)) is { IsEmpty: false } to)
            BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
    }

    internal void Int(int value)
    {
        if (Take(sizeof(int)) is { IsEmpty: false } to)
            BinaryPrimitives.WriteInt32LittleEndian(to, value);
    }

    internal void Long(long value)
    {
        if (Take(sizeof(long)) is { IsEmpty: false } to)
            BinaryPrimitives.WriteInt64LittleEndian(to, value);
    }

    /// <summary>Bytes with their length before them, at most 65535.</summary>
    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        Short(bytes.Length);
        if (bytes.Length > ushort.MaxValue)
            Length = int.MaxValue;
        else if (Take(bytes.Length) is { IsEmpty: false } to)
            bytes.CopyTo(to);
    }

    /// <summary>Bytes that are fields already.</summary>
    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        if (Take(bytes.Length) is { IsEmpty: false } to)
            bytes.CopyTo(to);
    }

    /// <summary>A message as its train; nothing fits if it has none.</summary>
    internal void Train(Message message)
    {
        if (MessageCodec.Encode(message, SessionLimits.MostControl).Case is byte[] train)
            Bytes(train);
        else
            Length = int.MaxValue;
    }

    private Span<byte> Take(int count)
    {
        var at = Length;
        Length = count > int.MaxValue - at ? int.MaxValue : at + count;
        return Length <= _to.Length ? _to.Slice(at, count) : default;
    }
}
