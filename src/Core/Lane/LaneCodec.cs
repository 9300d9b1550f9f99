using System.Buffers.Binary;
using LanguageExt;
using Trainyard.Core.Pool;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Lane;

/// <summary>
/// A lane message: version (1 byte), type (1 byte), then the fields in order, little-endian, without padding. The version comes first and
/// alone decides whether the rest is understood, so that an old worker under a new master says so instead of misreading. A datagram holds one
/// message, or several one behind the other: of the worker's any, of the master's those that assign connections.
/// </summary>
public static class LaneCodec
{
    /// <summary>The version both ends must speak.</summary>
    public const byte Version = 6;

    /// <summary>The longest datagram, in bytes.</summary>
    public const int MaximumBytes = ConfigureBytes + MaximumSettingsBytes;

    /// <summary>The longest settings, in bytes.</summary>
    public const int MaximumSettingsBytes = 16 * 1024;

    private const int PrefixBytes = 2;
    private const int ConfigureBytes = PrefixBytes + 4 + 4 + 4;
    private const int ConnectionBytes = PrefixBytes + 8;
    private const int AssignBytes = ConnectionBytes + 4;
    private const int ExitBytes = PrefixBytes + 1;
    private const int ParkBytes = ConnectionBytes + 8;
    private const int ReadyBytes = PrefixBytes + 4;
    private const int RefuseBytes = ConnectionBytes + 1;
    private const int DoneBytes = ConnectionBytes + 1 + 4 + 8 + 8 + 8;
    private const long NoLimit = -1;

    private enum Type : byte
    {
        Configure = 1,
        Assign = 2,
        Exit = 3,
        Ready = 4,
        Acknowledge = 5,
        Refuse = 6,
        Done = 7,
        Drain = 8,
        Return = 9,
        Park = 10,
        GiveBack = 11,
    }

    /// <summary>How many bytes <paramref name="message"/> takes; <c>0</c> for settings above <see cref="MaximumSettingsBytes"/>.</summary>
    public static int LengthOf(LaneMessage message) =>
        message switch
        {
            LaneMessage.Configure(_, _, _, var settings) when settings.Bytes.Length > MaximumSettingsBytes => 0,
            LaneMessage.Configure(_, _, _, var settings) => ConfigureBytes + settings.Bytes.Length,
            LaneMessage.Assign => AssignBytes,
            LaneMessage.Acknowledge or LaneMessage.Return => ConnectionBytes,
            LaneMessage.Park => ParkBytes,
            LaneMessage.Exit => ExitBytes,
            LaneMessage.Drain or LaneMessage.GiveBack => PrefixBytes,
            LaneMessage.Ready => ReadyBytes,
            LaneMessage.Refuse => RefuseBytes,
            LaneMessage.Done => DoneBytes,
            _ => 0,
        };

    /// <summary>Writes <paramref name="message"/> to the start of <paramref name="destination"/>.</summary>
    /// <returns>The bytes written; <c>0</c> where <paramref name="destination"/> is too short or the settings are too long.</returns>
    public static int Encode(LaneMessage message, Span<byte> destination)
    {
        var length = LengthOf(message);
        if (length == 0 || destination.Length < length)
            return 0;
        destination[0] = Version;
        var fields = destination[PrefixBytes..length];
        destination[1] = (byte)(message switch
        {
            LaneMessage.Configure configure => WriteConfigure(configure, fields),
            LaneMessage.Assign(var connection, var slot) => WriteAssign(connection, slot, fields),
            LaneMessage.Ready(var slots) => WriteReady(slots, fields),
            LaneMessage.Acknowledge(var connection) => WriteConnection(Type.Acknowledge, connection, fields),
            LaneMessage.Refuse(var connection, var reason) => WriteRefuse(connection, reason, fields),
            LaneMessage.Done(var connection, var report) => WriteDone(connection, report, fields),
            LaneMessage.Return(var connection) => WriteConnection(Type.Return, connection, fields),
            LaneMessage.Park(var connection, var left) => WritePark(connection, left, fields),
            LaneMessage.Exit(var handOver) => WriteExit(handOver, fields),
            LaneMessage.GiveBack => Type.GiveBack,
            _ => Type.Drain,
        });
        return length;
    }

    /// <summary>How many of a datagram's bytes its first message takes: all where it is the only one, or cannot be read.</summary>
    public static int FirstOf(ReadOnlySpan<byte> datagram) =>
        datagram.Length < PrefixBytes || datagram[0] != Version
            ? datagram.Length
            : Math.Min(datagram.Length, BytesOf((Type)datagram[1]) ?? datagram.Length);

    /// <summary>Reads one message.</summary>
    public static Either<LaneError, LaneMessage> Decode(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
            return Refuse(new LaneError.Length(0));
        if (datagram[0] != Version)
            return Refuse(new LaneError.Version(datagram[0], Version));
        if (datagram.Length < PrefixBytes)
            return Refuse(new LaneError.Length(datagram.Length));
        var type = (Type)datagram[1];
        if (!HasLength(type, datagram.Length))
            return Refuse(Enum.IsDefined(type) ? new LaneError.Length(datagram.Length) : new LaneError.UnknownType(datagram[1]));
        var fields = datagram[PrefixBytes..];
        return type switch
        {
            Type.Configure => ReadConfigure(fields),
            Type.Assign => Accept(new LaneMessage.Assign(ReadConnection(fields), BinaryPrimitives.ReadInt32LittleEndian(fields[8..]))),
            Type.Exit => fields[0] > 1 ? Refuse(new LaneError.Field(nameof(LaneMessage.Exit.HandOver), fields[0])) : Accept(new LaneMessage.Exit(fields[0] == 1)),
            Type.Return => Accept(new LaneMessage.Return(ReadConnection(fields))),
            Type.Park => ReadPark(fields),
            Type.Drain => Accept(new LaneMessage.Drain()),
            Type.GiveBack => Accept(new LaneMessage.GiveBack()),
            Type.Ready => ReadReady(fields),
            Type.Acknowledge => Accept(new LaneMessage.Acknowledge(ReadConnection(fields))),
            Type.Refuse => ReadRefuse(fields),
            _ => ReadDone(fields),
        };
    }

    private static bool HasLength(Type type, int bytes) =>
        type == Type.Configure ? bytes is >= ConfigureBytes and <= MaximumBytes : BytesOf(type) == bytes;

    /// <summary>How long a message of a type is; <c>null</c> where that differs, or nobody knows the type.</summary>
    private static int? BytesOf(Type type) =>
        type switch
        {
            Type.Assign => AssignBytes,
            Type.Acknowledge or Type.Return => ConnectionBytes,
            Type.Park => ParkBytes,
            Type.Exit => ExitBytes,
            Type.Drain or Type.GiveBack => PrefixBytes,
            Type.Ready => ReadyBytes,
            Type.Refuse => RefuseBytes,
            Type.Done => DoneBytes,
            _ => null,
        };

    private static Type WriteConfigure(LaneMessage.Configure message, Span<byte> fields)
    {
        BinaryPrimitives.WriteInt32LittleEndian(fields, message.Cell);
        BinaryPrimitives.WriteInt32LittleEndian(fields[4..], message.Threads);
        BinaryPrimitives.WriteInt32LittleEndian(fields[8..], message.Slots);
        message.Settings.Bytes.Span.CopyTo(fields[12..]);
        return Type.Configure;
    }

    private static Type WriteConnection(Type type, ConnectionId connection, Span<byte> fields)
    {
        BinaryPrimitives.WriteInt64LittleEndian(fields, connection.Value);
        return type;
    }

    private static Type WriteAssign(ConnectionId connection, int slot, Span<byte> fields)
    {
        BinaryPrimitives.WriteInt32LittleEndian(fields[8..], slot);
        return WriteConnection(Type.Assign, connection, fields);
    }

    private static Type WriteExit(bool handOver, Span<byte> fields)
    {
        fields[0] = handOver ? (byte)1 : (byte)0;
        return Type.Exit;
    }

    private static Type WritePark(ConnectionId connection, TimeSpan? left, Span<byte> fields)
    {
        BinaryPrimitives.WriteInt64LittleEndian(fields[8..], left is { } wait ? Math.Max(0, wait.Ticks) : NoLimit);
        return WriteConnection(Type.Park, connection, fields);
    }

    private static Type WriteReady(int slots, Span<byte> fields)
    {
        BinaryPrimitives.WriteInt32LittleEndian(fields, slots);
        return Type.Ready;
    }

    private static Type WriteRefuse(ConnectionId connection, RefuseReason reason, Span<byte> fields)
    {
        fields[8] = (byte)reason;
        return WriteConnection(Type.Refuse, connection, fields);
    }

    private static Type WriteDone(ConnectionId connection, ConnectionReport report, Span<byte> fields)
    {
        fields[8] = (byte)report.End;
        BinaryPrimitives.WriteInt32LittleEndian(fields[9..], report.Errno);
        BinaryPrimitives.WriteInt64LittleEndian(fields[13..], report.FileBytes);
        BinaryPrimitives.WriteInt64LittleEndian(fields[21..], report.WireBytes);
        BinaryPrimitives.WriteInt64LittleEndian(fields[29..], report.Elapsed.Ticks);
        return WriteConnection(Type.Done, connection, fields);
    }

    private static Either<LaneError, LaneMessage> ReadConfigure(ReadOnlySpan<byte> fields)
    {
        var cell = BinaryPrimitives.ReadInt32LittleEndian(fields);
        var threads = BinaryPrimitives.ReadInt32LittleEndian(fields[4..]);
        var slots = BinaryPrimitives.ReadInt32LittleEndian(fields[8..]);
        return cell < 0 ? Refuse(new LaneError.Field(nameof(LaneMessage.Configure.Cell), cell))
            : threads < 1 ? Refuse(new LaneError.Field(nameof(LaneMessage.Configure.Threads), threads))
            : slots < 1 ? Refuse(new LaneError.Field(nameof(LaneMessage.Configure.Slots), slots))
            : Accept(new LaneMessage.Configure(cell, threads, slots, new Settings(fields[12..])));
    }

    private static ConnectionId ReadConnection(ReadOnlySpan<byte> fields) => new(BinaryPrimitives.ReadInt64LittleEndian(fields));

    private static Either<LaneError, LaneMessage> ReadReady(ReadOnlySpan<byte> fields)
    {
        var slots = BinaryPrimitives.ReadInt32LittleEndian(fields);
        return slots < 1 ? Refuse(new LaneError.Field(nameof(LaneMessage.Ready.Slots), slots)) : Accept(new LaneMessage.Ready(slots));
    }

    private static Either<LaneError, LaneMessage> ReadPark(ReadOnlySpan<byte> fields)
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(fields[8..]);
        return ticks < NoLimit
            ? Refuse(new LaneError.Field(nameof(LaneMessage.Park.Left), ticks))
            : Accept(new LaneMessage.Park(ReadConnection(fields), ticks == NoLimit ? null : TimeSpan.FromTicks(ticks)));
    }

    private static Either<LaneError, LaneMessage> ReadRefuse(ReadOnlySpan<byte> fields) =>
        Enum.IsDefined((RefuseReason)fields[8])
            ? Accept(new LaneMessage.Refuse(ReadConnection(fields), (RefuseReason)fields[8]))
            : Refuse(new LaneError.Field(nameof(LaneMessage.Refuse.Reason), fields[8]));

    private static Either<LaneError, LaneMessage> ReadDone(ReadOnlySpan<byte> fields)
    {
        if (!Enum.IsDefined((ConnectionEnd)fields[8]))
            return Refuse(new LaneError.Field(nameof(ConnectionReport.End), fields[8]));
        var report = new ConnectionReport(
            (ConnectionEnd)fields[8],
            BinaryPrimitives.ReadInt32LittleEndian(fields[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(fields[13..]),
            BinaryPrimitives.ReadInt64LittleEndian(fields[21..]),
            TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(fields[29..])));
        return Accept(new LaneMessage.Done(ReadConnection(fields), report));
    }

    private static Either<LaneError, LaneMessage> Accept(LaneMessage message) => Right<LaneError, LaneMessage>(message);

    private static Either<LaneError, LaneMessage> Refuse(LaneError error) => Left<LaneError, LaneMessage>(error);
}
