using System.Buffers.Binary;
using System.Formats.Cbor;

namespace Trainyard.Core.Protocol;

/// <summary>Reads CBOR (RFC 8949) heads and steps over items, without an exception or an allocation on any input.</summary>
/// <remarks>
/// Stricter than the RFC where it gives a choice: no indefinite lengths, and every head in its shortest form, so that the bytes of a value
/// follow from the value. <see cref="CborReader"/> throws on what a peer may send, hence this.
/// </remarks>
internal ref struct CborScanner(ReadOnlySpan<byte> input, int position = 0)
{
    internal const int Unsigned = 0;
    internal const int Negative = 1;
    internal const int Bytes = 2;
    internal const int Text = 3;
    internal const int Array = 4;
    internal const int Map = 5;
    internal const int Tag = 6;
    internal const int Simple = 7;

    private const int InOneByte = 24;

    private readonly ReadOnlySpan<byte> _input = input;

    /// <summary>Where the next item begins; after a failure, the item that failed.</summary>
    internal int Position { get; private set; } = position;

    private readonly int Left => _input.Length - Position;

    /// <summary>Reads the head of the next item: its major type, and its argument (a value, a length or a count).</summary>
    /// <returns>Whether there is a well-formed one. A length or count is never more than the bytes that follow.</returns>
    internal bool TryHead(out int type, out ulong argument)
    {
        (type, argument) = (0, 0);
        if (Left < 1)
            return false;
        var initial = _input[Position];
        type = initial >> 5;
        var info = initial & 0x1f;
        var rest = _input[(Position + 1)..];
        if (info < InOneByte)
            argument = (ulong)info;
        else if (!TryArgument(info, rest, out argument))
            return false;
        if (!IsShortest(type, info, argument))
            return false;
        var size = 1 + (info < InOneByte ? 0 : 1 << (info - InOneByte));
        if (type is Bytes or Text or Array && argument > (ulong)(Left - size))
            return false;
        if (type == Map && argument > (ulong)(Left - size) / 2)
            return false;
        Position += size;
        return true;
    }

    /// <summary>Reads a byte or text string.</summary>
    internal bool TryString(int wanted, out ReadOnlySpan<byte> content)
    {
        content = default;
        var before = Position;
        if (!TryHead(out var type, out var length) || type != wanted)
        {
            Position = before;
            return false;
        }
        content = _input.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    /// <summary>Steps over one item with everything in it, however deep, in constant space.</summary>
    internal bool TrySkip()
    {
        // Each item costs at least a byte and no count is above the bytes that follow, so this neither overflows nor runs on.
        for (var pending = 1L; pending > 0; pending--)
        {
            if (!TryHead(out var type, out var argument))
                return false;
            switch (type)
            {
                case Bytes or Text:
                    Position += (int)argument;
                    break;
                case Array:
                    pending += (long)argument;
                    break;
                case Map:
                    pending += 2 * (long)argument;
                    break;
                case Tag:
                    pending++;
                    break;
                default:
                    break;
            }
        }
        return true;
    }

    private static bool TryArgument(int info, ReadOnlySpan<byte> rest, out ulong argument)
    {
        argument = 0;
        switch (info - InOneByte)
        {
            case 0 when rest.Length >= 1:
                argument = rest[0];
                return true;
            case 1 when BinaryPrimitives.TryReadUInt16BigEndian(rest, out var two):
                argument = two;
                return true;
            case 2 when BinaryPrimitives.TryReadUInt32BigEndian(rest, out var four):
                argument = four;
                return true;
            case 3 when BinaryPrimitives.TryReadUInt64BigEndian(rest, out argument):
                return true;
            default:
                return false;
        }
    }

    /// <summary>Floats (simple, 2 bytes and more) have no shorter head; simple values below 32 have no two-byte one.</summary>
    private static bool IsShortest(int type, int info, ulong argument) =>
        info switch
        {
            < InOneByte => true,
            InOneByte => argument >= (type == Simple ? 32UL : InOneByte),
            _ when type == Simple => true,
            InOneByte + 1 => argument > byte.MaxValue,
            InOneByte + 2 => argument > ushort.MaxValue,
            _ => argument > uint.MaxValue,
        };
}
