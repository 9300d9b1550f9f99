using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

/// <summary>Fields to messages, one method a message. The counterpart of <see cref="MessageWriter"/>.</summary>
internal static class MessageReader
{
    internal static Message ClientHello(ref CborFields f)
    {
        CheckMagic(ref f);
        var lowest = f.Small(1, 1, ushort.MaxValue);
        var highest = f.Small(2, 1, ushort.MaxValue);
        if (highest < lowest)
            f.Fail(new MessageError.OutOfRange(2));
        var limits = Limits(ref f);
        var hashes = f.KnownNumbers(6, (int)HashAlgorithm.Md5, MessageCodec.MostHashes);
        return new Message.ClientHello(lowest, highest, limits, hashes.Map(static n => (HashAlgorithm)n), f.Bytes(7, Message.MaximumAuth));
    }

    internal static Message ServerHello(ref CborFields f)
    {
        CheckMagic(ref f);
        var version = f.Small(1, 1, ushort.MaxValue);
        var limits = Limits(ref f);
        return new Message.ServerHello(version, limits, f.Algorithm(6), f.Bytes(7, Message.MaximumToken));
    }

    internal static Message Get(ref CborFields f) =>
        new Message.Get(f.Path(0), Range(ref f), f.Bytes(3, Message.MaximumIdentity), f.OptionalAlgorithm(4));

    internal static Message Put(ref CborFields f) =>
        new Message.Put(
            f.Path(0),
            f.OptionalNumber(1, 0, long.MaxValue),
            f.OptionalNumber(2, long.MinValue, long.MaxValue),
            f.OptionalSmall(3, 0, Protocol.Entry.MaximumMode),
            f.Bytes(4, Message.MaximumToken),
            f.Bytes(5, Message.MaximumIdentity),
            f.Flag(6),
            f.OptionalAlgorithm(7),
            f.Flag(8));

    internal static Message MakeLink(ref CborFields f) =>
        new Message.MakeLink(
            f.Path(0), f.SomeBytes(1, RemotePath.MaximumLength), f.OptionalNumber(2, long.MinValue, long.MaxValue), f.Flag(3));

    internal static Message SetAttributes(ref CborFields f) =>
        new Message.SetAttributes(
            f.OptionalPath(0), f.OptionalNumber(1, long.MinValue, long.MaxValue), f.OptionalSmall(2, 0, Protocol.Entry.MaximumMode));

    internal static Message List(ref CborFields f) => new Message.List(f.OptionalPath(0), f.Flag(1), f.OptionalPath(2));

    internal static Message Stat(ref CborFields f) => new Message.Stat(f.OptionalPath(0));

    internal static Message Hash(ref CborFields f) =>
        new Message.Hash(
            f.Path(0), Range(ref f), f.OptionalAlgorithm(4), f.OptionalSmall(5, 0, int.MaxValue) ?? 0, f.Bytes(3, Message.MaximumIdentity));

    internal static Message MakeDirectory(ref CborFields f) =>
        new Message.MakeDirectory(f.Path(0), f.OptionalSmall(1, 0, Protocol.Entry.MaximumMode), f.Flag(2));

    internal static Message Move(ref CborFields f) => new Message.Move(f.Path(0), f.Path(1), f.Flag(2), f.Bytes(3, Message.MaximumIdentity));

    internal static Message Remove(ref CborFields f) => new Message.Remove(f.Path(0), f.Bytes(3, Message.MaximumIdentity));

    internal static Message Ping(ref CborFields f) => new Message.Ping(f.Bytes(0, Message.MaximumToken));

    internal static Message Fin(ref CborFields f) => new Message.Fin(f.Number(0, 0, long.MaxValue), f.Bytes(1, HashAlgorithms.LongestDigest));

    internal static Message Error(ref CborFields f) =>
        new Message.Error(new(
            (ErrorCode)f.Small(0, 1, MessageCodec.HighestErrorCode),
            f.TextOf(1, Message.MaximumText),
            f.Flag(2),
            f.OptionalNumber(3, 0, Failure.MaximumRetryAfter)));

    internal static Message Meta(ref CborFields f) =>
        new Message.Meta(
            f.Number(0, 0, long.MaxValue),
            f.Number(1, long.MinValue, long.MaxValue),
            f.Small(2, 0, Protocol.Entry.MaximumMode),
            f.SomeBytes(3, Message.MaximumIdentity),
            f.Small(4, 1, TrainHeader.MaximumLength),
            f.Algorithm(5));

    internal static Message Go(ref CborFields f) =>
        new Message.Go(f.Number(0, 0, long.MaxValue), f.Bytes(1, Message.MaximumToken), f.Small(2, 1, TrainHeader.MaximumLength));

    internal static Message Committed(ref CborFields f) =>
        new Message.Committed(f.SomeBytes(0, Message.MaximumIdentity), f.SomeBytes(1, HashAlgorithms.LongestDigest));

    internal static Message Entries(ref CborFields f) => new Message.Entries(f.Entries(0, MessageCodec.MostEntries));

    internal static Message Answer(ref CborFields f)
    {
        var request = (TrainKind)f.Small(0, 0, byte.MaxValue);
        switch (request)
        {
            case TrainKind.Stat:
                return new Message.StatAnswer(f.Nested(1));
            case TrainKind.Hash:
                return HashAnswer(ref f);
            case TrainKind.Ping:
                return new Message.PingAnswer(f.Bytes(1, Message.MaximumToken));
            case TrainKind.Status:
                return new Message.StatusAnswer(new(Count(ref f, 1), Count(ref f, 2), Count(ref f, 3), Count(ref f, 4), f.Flag(5)));
            case TrainKind.MakeDirectory or TrainKind.Move or TrainKind.Remove or TrainKind.MakeLink or TrainKind.SetAttributes:
                return new Message.DoneAnswer(request);
            default:
                f.Fail(new MessageError.OutOfRange(0));
                return new Message.DoneAnswer(request);
        }
    }

    private static Message.HashAnswer HashAnswer(ref CborFields f)
    {
        var algorithm = f.Algorithm(3);
        var answer = new Message.HashAnswer(
            f.Number(1, 0, long.MaxValue),
            f.SomeBytes(2, Message.MaximumIdentity),
            algorithm,
            f.SomeBytes(4, HashAlgorithms.LongestDigest),
            f.Bytes(5, SessionLimits.MostControl));
        var length = HashAlgorithms.DigestLength(algorithm);
        if (f.Error is null && answer.Digest.Length != length)
            f.Fail(new MessageError.OutOfRange(4));
        if (f.Error is null && answer.Blocks.Length % length != 0)
            f.Fail(new MessageError.OutOfRange(5));
        return answer;
    }

    internal static Entry Entry(ref CborFields f) =>
        new(
            f.OptionalPath(0),
            (EntryKind)f.Small(1, (int)EntryKind.File, (int)EntryKind.Other),
            f.Number(2, 0, long.MaxValue),
            f.Number(3, long.MinValue, long.MaxValue),
            f.Small(4, 0, Protocol.Entry.MaximumMode),
            f.Bytes(5, Message.MaximumIdentity),
            f.Bytes(6, RemotePath.MaximumLength));

    private static long Count(ref CborFields f, int key) => f.Number(key, 0, long.MaxValue);

    private static FileRange Range(ref CborFields f) => new(f.OptionalNumber(1, 0, long.MaxValue) ?? 0, f.OptionalNumber(2, 0, long.MaxValue));

    private static SessionLimits Limits(ref CborFields f) =>
        new(
            f.Small(3, 1, TrainHeader.MaximumLength),
            f.Small(4, SessionLimits.LeastControl, SessionLimits.MostControl),
            f.Small(5, 1, SessionLimits.MostPipelined));

    private static void CheckMagic(ref CborFields f)
    {
        if (f.TextOf(0, MessageCodec.Magic.Length) != MessageCodec.Magic)
            f.Fail(f.Has(0) ? new MessageError.OutOfRange(0) : new MessageError.MissingKey(0));
    }
}
