using System.Buffers.Binary;
using System.Text;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Protocol;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Succession;

/// <summary>
/// A datagram between a master and its successor: version (1 byte), type (1 byte), then the fields in order, little-endian, without padding; a
/// text is its length in bytes (2 bytes), then UTF-8. Two releases of the program meet here: the version comes first and alone decides
/// whether the rest is understood.
/// </summary>
public static class SuccessionCodec
{
    /// <summary>The version both ends must speak.</summary>
    public const byte Version = 2;

    /// <summary>The most listeners that are passed on: as many descriptors as the kernel carries with one message.</summary>
    public const int MaximumListeners = 253;

    /// <summary>The longest text, in bytes of UTF-8; a longer one is cut.</summary>
    public const int MaximumTextBytes = 256;

    /// <summary>The longest datagram, in bytes.</summary>
    public const int MaximumBytes = PrefixBytes + InheritFields + (MaximumListeners * (1 + 2 + MaximumTextBytes));

    private const int PrefixBytes = 2;
    private const int InheritFields = 4 + 1 + 2;
    private static readonly UTF8Encoding Text = new(encoderShouldEmitUTF8Identifier: false);

    private enum Type : byte
    {
        Inherit = 1,
        HandOn = 2,
        Relieve = 3,
        Ready = 4,
        Failed = 5,
        Taken = 6,
        NotTaken = 7,
    }

    /// <summary>Encodes a message.</summary>
    /// <returns>The datagram; empty for more listeners than <see cref="MaximumListeners"/>, or a journal that is no slot's.</returns>
    public static byte[] Encode(SuccessionMessage message)
    {
        var bytes = new List<byte> { Version, 0 };
        bytes[1] = (byte)(message switch
        {
            SuccessionMessage.Inherit(var predecessor, var journal, var listeners) => Write(bytes, predecessor, journal, listeners),
            SuccessionMessage.HandOn(var connection, var peer, var journal) => Write(bytes, connection, peer, journal.Span),
            SuccessionMessage.Relieve => Type.Relieve,
            SuccessionMessage.Ready => Type.Ready,
            SuccessionMessage.Failed(var reason) => Write(bytes, Type.Failed, null, reason),
            SuccessionMessage.Taken(var connection) => Write(bytes, Type.Taken, connection, null),
            SuccessionMessage.NotTaken(var connection) => Write(bytes, Type.NotTaken, connection, null),
            _ => throw new System.Diagnostics.UnreachableException(message.GetType().Name),
        });
        return bytes[1] == 0 ? [] : [.. bytes];
    }

    /// <summary>Reads one datagram.</summary>
    public static Either<LaneError, SuccessionMessage> Decode(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
            return Refuse(new LaneError.Length(0));
        if (datagram[0] != Version)
            return Refuse(new LaneError.Version(datagram[0], Version));
        if (datagram.Length is < PrefixBytes or > MaximumBytes)
            return Refuse(new LaneError.Length(datagram.Length));
        var fields = datagram[PrefixBytes..];
        SuccessionMessage? message = (Type)datagram[1] switch
        {
            Type.Inherit => ReadInherit(ref fields),
            Type.HandOn => ReadConnection(ref fields) is { } connection && ReadText(ref fields) is { } peer
                && ReadJournal(ref fields) is { } journal
                ? new SuccessionMessage.HandOn(connection, peer, journal)
                : null,
            Type.Relieve => new SuccessionMessage.Relieve(),
            Type.Ready => new SuccessionMessage.Ready(),
            Type.Failed => ReadText(ref fields) is { } reason ? new SuccessionMessage.Failed(reason) : null,
            Type.Taken => ReadConnection(ref fields) is { } connection ? new SuccessionMessage.Taken(connection) : null,
            Type.NotTaken => ReadConnection(ref fields) is { } connection ? new SuccessionMessage.NotTaken(connection) : null,
            _ => null,
        };
        if (!Enum.IsDefined((Type)datagram[1]))
            return Refuse(new LaneError.UnknownType(datagram[1]));
        return message is null || !fields.IsEmpty ? Refuse(new LaneError.Length(datagram.Length)) : Right<LaneError, SuccessionMessage>(message);
    }

    private static Type Write(List<byte> bytes, int predecessor, byte journal, Arr<InheritedListener> listeners)
    {
        if (listeners.Count > MaximumListeners)
            return 0;
        Span<byte> field = stackalloc byte[InheritFields];
        BinaryPrimitives.WriteInt32LittleEndian(field, predecessor);
        field[4] = journal;
        BinaryPrimitives.WriteUInt16LittleEndian(field[5..], (ushort)listeners.Count);
        bytes.AddRange(field);
        foreach (var listener in listeners)
        {
            bytes.Add(listener.IsOwnPath ? (byte)1 : (byte)0);
            WriteText(bytes, listener.Address);
        }
        return Type.Inherit;
    }

    private static Type Write(List<byte> bytes, Type type, ConnectionId? connection, string? text)
    {
        if (connection is { } id)
        {
            Span<byte> field = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(field, id.Value);
            bytes.AddRange(field);
        }
        if (text is not null)
            WriteText(bytes, text);
        return type;
    }

    private static Type Write(List<byte> bytes, ConnectionId connection, string peer, ReadOnlySpan<byte> journal)
    {
        if (journal.Length > JournalSlot.LongestExport)
            return 0;
        Write(bytes, Type.HandOn, connection, peer);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)journal.Length);
        bytes.AddRange(length);
        bytes.AddRange(journal);
        return Type.HandOn;
    }

    private static Opaque? ReadJournal(ref ReadOnlySpan<byte> fields)
    {
        if (fields.Length < 2)
            return null;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(fields);
        if (length > JournalSlot.LongestExport || fields.Length - 2 < length)
            return null;
        var journal = new Opaque(fields.Slice(2, length));
        fields = fields[(2 + length)..];
        return journal;
    }

    private static void WriteText(List<byte> bytes, string text)
    {
        var encoded = Text.GetBytes(text).AsSpan();
        if (encoded.Length > MaximumTextBytes)
        {
            var end = MaximumTextBytes;
            while ((encoded[end] & 0xC0) == 0x80)
                end--;
            encoded = encoded[..end];
        }
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)encoded.Length);
        bytes.AddRange(length);
        bytes.AddRange(encoded);
    }

    private static SuccessionMessage.Inherit? ReadInherit(ref ReadOnlySpan<byte> fields)
    {
        if (fields.Length < InheritFields)
            return null;
        var predecessor = BinaryPrimitives.ReadInt32LittleEndian(fields);
        var journal = fields[4];
        var count = BinaryPrimitives.ReadUInt16LittleEndian(fields[5..]);
        fields = fields[InheritFields..];
        if (count > MaximumListeners)
            return null;
        var listeners = new InheritedListener[count];
        for (var i = 0; i < count; i++)
        {
            if (fields is not [var own and (0 or 1), ..])
                return null;
            fields = fields[1..];
            if (ReadText(ref fields) is not { } address)
                return null;
            listeners[i] = new(address, own == 1);
        }
        return new SuccessionMessage.Inherit(predecessor, journal, new Arr<InheritedListener>(listeners));
    }

    private static ConnectionId? ReadConnection(ref ReadOnlySpan<byte> fields)
    {
        if (fields.Length < 8)
            return null;
        var connection = new ConnectionId(BinaryPrimitives.ReadInt64LittleEndian(fields));
        fields = fields[8..];
        return connection;
    }

    private static string? ReadText(ref ReadOnlySpan<byte> fields)
    {
        if (fields.Length < 2)
            return null;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(fields);
        if (length > MaximumTextBytes || fields.Length - 2 < length)
            return null;
        var text = Text.GetString(fields.Slice(2, length));
        fields = fields[(2 + length)..];
        return text;
    }

    private static Either<LaneError, SuccessionMessage> Refuse(LaneError error) => Left<LaneError, SuccessionMessage>(error);
}
