using System.Buffers.Binary;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>Fields out of a span, as <see cref="SlotWriter"/> has written them. The first that is not there or out of bounds spoils the rest, which are empty.</summary>
internal ref struct SlotReader(ReadOnlySpan<byte> from)
{
    private ReadOnlySpan<byte> _from = from;

    /// <summary>Whether a field was wrong.</summary>
    internal bool IsBad { get; private set; }

    /// <summary>Whether every byte was read, and every field was right.</summary>
    internal readonly bool IsDone => !IsBad && _from.IsEmpty;

    internal int Byte(int least = 0, int most = byte.MaxValue) => (int)Within(Take(1) is [var value] ? value : 0, least, most);

    internal int Short(int most = ushort.MaxValue) =>
        (int)Within(Take(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0, 0, most);

    internal int Int(int least, int most) =>
        (int)Within(Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0, least, most);

    internal long Long(long least = 0) =>
        Within(Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0, least, long.MaxValue);

    internal ReadOnlySpan<byte> Bytes(int most = ushort.MaxValue) => Take(Short(most));

    internal T? Train<T>()
        where T : Message
    {
        if (MessageCodec.DecodeTrain(Bytes(), Side.Client, SessionLimits.MostControl).Case is T message)
            return message;
        return Bad<T>();
    }

    /// <summary>Marks what was read as wrong.</summary>
    internal T? Bad<T>()
        where T : class
    {
        IsBad = true;
        return null;
    }

    private long Within(long value, long least, long most)
    {
        if (value >= least && value <= most)
            return value;
        IsBad = true;
        return least;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        IsBad |= count > _from.Length;
        if (IsBad)
            return default;
        var taken = _from[..count];
        _from = _from[count..];
        return taken;
    }
}
