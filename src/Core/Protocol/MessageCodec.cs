using LanguageExt;
using Trainyard.Core.Framing;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Protocol;

/// <summary>
/// Messages to control trains and back. A body is one CBOR map with small integer keys (docs/protocol.md lists them) and a <see cref="Checksum"/>.
/// </summary>
/// <remarks>
/// Decoding takes the keys in any order and steps over those it does not know, so that either side can grow. It throws on no input, and what it
/// allocates is bounded by the length of the body. Pure and thread-safe.
/// </remarks>
public static class MessageCodec
{
    /// <summary>The first field of each hello, so that another protocol is recognised at once.</summary>
    public const string Magic = "trainyard";

    /// <summary>The version described here.</summary>
    public const int Version = 2;

    /// <summary>The most entries of one batch.</summary>
    public const int MostEntries = 4096;

    /// <summary>The most hash algorithms a client may name.</summary>
    public const int MostHashes = 16;

    /// <summary>The highest number of an error.</summary>
    public const int HighestErrorCode = ushort.MaxValue;

    private static readonly TrainLimits AnyLength = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    private delegate Message Reader(ref CborFields fields);

    /// <summary>The kind of train that carries a message.</summary>
    public static TrainKind KindOf(Message message) =>
        message switch
        {
            Message.ClientHello or Message.ServerHello => TrainKind.Hello,
            Message.Error => TrainKind.Error,
            Message.Ping => TrainKind.Ping,
            Message.Status => TrainKind.Status,
            Message.Get => TrainKind.Get,
            Message.Meta => TrainKind.Meta,
            Message.Fin => TrainKind.Fin,
            Message.List => TrainKind.List,
            Message.Entries => TrainKind.Entry,
            Message.Stat => TrainKind.Stat,
            Message.Hash => TrainKind.Hash,
            Message.Put => TrainKind.Put,
            Message.Go => TrainKind.Go,
            Message.Committed => TrainKind.Committed,
            Message.MakeDirectory => TrainKind.MakeDirectory,
            Message.Move => TrainKind.Move,
            Message.Remove => TrainKind.Remove,
            Message.MakeLink => TrainKind.MakeLink,
            Message.SetAttributes => TrainKind.SetAttributes,
            _ => TrainKind.Answer,
        };

    /// <summary>Encodes a message as a whole train, header and body.</summary>
    /// <param name="message">The message.</param>
    /// <param name="maximumControl">The longest body that the receiver accepts, in bytes.</param>
    /// <returns>The train; or why it would not be accepted: it is too long, or a value is outside its bounds.</returns>
    public static Either<MessageError, byte[]> Encode(Message message, int maximumControl)
    {
        var map = MessageWriter.Encode(message);
        var from = message is Message.ClientHello || IsRequest(KindOf(message)) ? Side.Client : Side.Server;
        if (map.Length + Checksum.Size > maximumControl)
            return Left<MessageError, byte[]>(new MessageError.TooLong(map.Length + Checksum.Size, maximumControl));
        if (Decode(KindOf(message), map, from).Case is MessageError error)
            return Left<MessageError, byte[]>(error);
        var train = new byte[TrainHeader.Size + map.Length + Checksum.Size];
        TrainCodec.TryEncode(TrainHeader.Of(KindOf(message), map.Length + Checksum.Size), train);
        map.CopyTo(train, TrainHeader.Size);
        Checksum.Seal(train);
        return Right<MessageError, byte[]>(train);
    }

    /// <summary>Decodes a whole control train.</summary>
    /// <param name="train">Header and body.</param>
    /// <param name="from">Which side has sent it.</param>
    /// <param name="maximumControl">The longest body accepted, in bytes.</param>
    public static Either<MessageError, Message> DecodeTrain(ReadOnlySpan<byte> train, Side from, int maximumControl)
    {
        var bodyLength = train.Length - TrainHeader.Size;
        if (bodyLength > maximumControl)
            return Left<MessageError, Message>(new MessageError.TooLong(bodyLength, maximumControl));
        return Checksum.Holds(train) && TrainCodec.DecodeHeader(train, AnyLength) is { Status: DecodeStatus.Done } decoding
            ? Decode(decoding.Header.Kind, train[TrainHeader.Size..^Checksum.Size], from)
            : Left<MessageError, Message>(new MessageError.Damaged());
    }

    /// <summary>Decodes the map in a control train, whose checksum has been looked at.</summary>
    /// <param name="kind">The train's kind.</param>
    /// <param name="body">The map, whole.</param>
    /// <param name="from">Which side has sent it.</param>
    public static Either<MessageError, Message> Decode(TrainKind kind, ReadOnlySpan<byte> body, Side from)
    {
        if (ReaderOf(kind, from) is not { } reader)
            return Left<MessageError, Message>(new MessageError.UnexpectedKind(kind, from));
        var fields = CborFields.Of(body);
        if (fields.Error is { } malformed)
            return Left<MessageError, Message>(malformed);
        var message = reader(ref fields);
        return fields.Error is { } error ? Left<MessageError, Message>(error) : Right<MessageError, Message>(message);
    }

    /// <summary>Whether a train of this kind asks for something.</summary>
    public static bool IsRequest(TrainKind kind) =>
        kind is TrainKind.Get or TrainKind.Put or TrainKind.List or TrainKind.Stat or TrainKind.Hash or TrainKind.MakeDirectory
            or TrainKind.Move or TrainKind.Remove or TrainKind.MakeLink or TrainKind.SetAttributes or TrainKind.Ping or TrainKind.Status;

    private static Reader? ReaderOf(TrainKind kind, Side from) =>
        (kind, from) switch
        {
            (TrainKind.Hello, Side.Client) => MessageReader.ClientHello,
            (TrainKind.Hello, Side.Server) => MessageReader.ServerHello,
            (TrainKind.Fin, _) => MessageReader.Fin,
            (TrainKind.Error, _) => MessageReader.Error,
            (TrainKind.Get, Side.Client) => MessageReader.Get,
            (TrainKind.Put, Side.Client) => MessageReader.Put,
            (TrainKind.List, Side.Client) => MessageReader.List,
            (TrainKind.Stat, Side.Client) => MessageReader.Stat,
            (TrainKind.Hash, Side.Client) => MessageReader.Hash,
            (TrainKind.MakeDirectory, Side.Client) => MessageReader.MakeDirectory,
            (TrainKind.Move, Side.Client) => MessageReader.Move,
            (TrainKind.Remove, Side.Client) => MessageReader.Remove,
            (TrainKind.MakeLink, Side.Client) => MessageReader.MakeLink,
            (TrainKind.SetAttributes, Side.Client) => MessageReader.SetAttributes,
            (TrainKind.Ping, Side.Client) => MessageReader.Ping,
            (TrainKind.Status, Side.Client) => static (ref CborFields _) => new Message.Status(),
            (TrainKind.Meta, Side.Server) => MessageReader.Meta,
            (TrainKind.Entry, Side.Server) => MessageReader.Entries,
            (TrainKind.Go, Side.Server) => MessageReader.Go,
            (TrainKind.Committed, Side.Server) => MessageReader.Committed,
            (TrainKind.Answer, Side.Server) => MessageReader.Answer,
            _ => null,
        };
}
