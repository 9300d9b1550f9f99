using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Protocol messages of every case, with the borders of each field.</summary>
public static class Messages
{
    private static readonly Gen<long> Size = Gen.OneOf(
        Gen.Elements(0L, 1L, 23L, 24L, 255L, 256L, 65535L, 65536L, uint.MaxValue, 1L + uint.MaxValue, long.MaxValue),
        Gen.Choose(0, int.MaxValue).Select(static n => (long)n));

    private static readonly Gen<long> Time = Gen.OneOf(Size, Size.Select(static n => -1 - n));

    private static readonly Gen<int> Mode = Gen.Choose(0, Core.Protocol.Entry.MaximumMode);

    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<HashAlgorithm> Algorithm = Gen.Elements(Enum.GetValues<HashAlgorithm>());

    private static readonly Gen<int> TrainSize = Gen.Elements(1, 1000, 256 * 1024, TrainHeader.MaximumLength);

    private static readonly Gen<byte[]> Component =
        from length in Gen.Frequency((8, Gen.Choose(1, 12)), (1, Gen.Constant(RemotePath.MaximumComponent)))
        from bytes in Gen.ArrayOf(Gen.Choose(1, 255).Where(static b => b != '/').Select(static b => (byte)b), length)
        select bytes.AsSpan().SequenceEqual("."u8) || bytes.AsSpan().SequenceEqual(".."u8) ? "a"u8.ToArray() : bytes;

    private static readonly Gen<RemotePath> Path =
        from count in Gen.Frequency((6, Gen.Choose(1, 3)), (1, Gen.Choose(4, 15)))
        from components in Gen.ArrayOf(Component, count)
        select PathOf(components.Aggregate((left, right) => [.. left, (byte)'/', .. right]));

    private static readonly Gen<FileRange> Range =
        from offset in Size from length in Maybe(Size) select new FileRange(offset, length);

    private static readonly Gen<SessionLimits> Limits =
        from train in TrainSize
        from control in Gen.Elements(SessionLimits.LeastControl, SessionLimits.MostControl)
        from pipelined in Gen.Elements(1, SessionLimits.MostPipelined)
        select new SessionLimits(train, control, pipelined);

    private static readonly Gen<string> Text = Gen.Elements("", "disk\nfull", "\u001b[31mred", "é😀", new string('x', Message.MaximumText));

    private static readonly Gen<Entry> Entry =
        from path in Maybe(Path.Select(static p => (RemotePath?)p))
        from kind in Gen.Elements(Enum.GetValues<EntryKind>())
        from size in Size
        from time in Time
        from mode in Mode
        from identity in Bytes(0, Message.MaximumIdentity)
        from target in Bytes(0, 40)
        select new Entry(path, kind, size, time, mode, identity, target);

    public static Arbitrary<Message> Message_() =>
        Arb.From(Gen.OneOf(Requests, Answers, Hellos));

    public static Arbitrary<Message.Meta> Meta() => Arb.From(MetaOf);

    public static Arbitrary<RemotePath> RemotePath_() => Arb.From(Path);

    /// <summary>A path of bytes known to be one.</summary>
    internal static RemotePath PathOf(ReadOnlySpan<byte> bytes) =>
        RemotePath.Create(bytes).IfLeft(static error => throw new ArgumentException(error.ToString()));

    private static Gen<Message.Meta> MetaOf =>
        from size in Size
        from time in Time
        from mode in Mode
        from identity in Bytes(1, Message.MaximumIdentity)
        from train in TrainSize
        from algorithm in Algorithm
        select new Message.Meta(size, time, mode, identity, train, algorithm);

    private static Gen<Message> Hellos => Gen.OneOf<Message>(
        from lowest in Gen.Choose(1, 3)
        from highest in Gen.Elements(3, ushort.MaxValue)
        from limits in Limits
        from hashes in Gen.Elements<HashAlgorithm[]>([], [HashAlgorithm.Md5], [HashAlgorithm.Sha256, HashAlgorithm.Xxh128])
        from auth in Bytes(0, Message.MaximumAuth)
        select (Message)new Message.ClientHello(lowest, highest, limits, new Arr<HashAlgorithm>(hashes), auth),
        from version in Gen.Elements(1, 2, ushort.MaxValue)
        from limits in Limits
        from algorithm in Algorithm
        from session in Bytes(0, Message.MaximumToken)
        select (Message)new Message.ServerHello(version, limits, algorithm, session));

    private static Gen<Message> Requests => Gen.OneOf<Message>(
        from path in Path
        from range in Range
        from identity in Bytes(0, Message.MaximumIdentity)
        from algorithm in Maybe(Algorithm.Select(static a => (HashAlgorithm?)a))
        select (Message)new Message.Get(path, range, identity, algorithm),
        from path in Path
        from size in Maybe(Size)
        from time in Maybe(Time)
        from mode in Gen.OneOf(Gen.Constant<int?>(null), Mode.Select(static m => (int?)m))
        from token in Bytes(0, Message.MaximumToken)
        from identity in Bytes(0, Message.MaximumIdentity)
        from noClobber in Flag
        from eager in Flag
        select (Message)new Message.Put(path, size, time, mode, token, identity, noClobber, HashAlgorithm.Sha256, eager),
        from path in Path
        from target in Bytes(1, RemotePath.MaximumLength)
        from time in Maybe(Time)
        from noClobber in Flag
        select (Message)new Message.MakeLink(path, target, time, noClobber),
        from path in Maybe(Path.Select(static p => (RemotePath?)p))
        from time in Maybe(Time)
        from mode in Gen.OneOf(Gen.Constant<int?>(null), Mode.Select(static m => (int?)m))
        select (Message)new Message.SetAttributes(path, time, mode),
        from path in Maybe(Path.Select(static p => (RemotePath?)p))
        from recursive in Flag
        from after in Maybe(Path.Select(static p => (RemotePath?)p))
        select (Message)new Message.List(path, recursive, after),
        Maybe(Path.Select(static p => (RemotePath?)p)).Select(static path => (Message)new Message.Stat(path)),
        from path in Path
        from range in Range
        from block in Gen.Elements(0, 1, int.MaxValue)
        from identity in Bytes(0, Message.MaximumIdentity)
        select (Message)new Message.Hash(path, range, HashAlgorithm.Md5, block, identity),
        from path in Path from mode in Mode from parents in Flag select (Message)new Message.MakeDirectory(path, mode, parents),
        from left in Path
        from right in Path
        from noClobber in Flag
        from identity in Bytes(0, Message.MaximumIdentity)
        select (Message)new Message.Move(left, right, noClobber, identity),
        from path in Path from identity in Bytes(0, Message.MaximumIdentity) select (Message)new Message.Remove(path, identity),
        Bytes(0, Message.MaximumToken).Select(static payload => (Message)new Message.Ping(payload)),
        Gen.Constant((Message)new Message.Status()));

    private static Gen<Message> Answers => Gen.OneOf<Message>(
        MetaOf.Select(static meta => (Message)meta),
        from total in Size from digest in Bytes(0, 32) select (Message)new Message.Fin(total, digest),
        from code in Gen.OneOf(Gen.Elements(Enum.GetValues<ErrorCode>()), Gen.Constant((ErrorCode)ushort.MaxValue))
        from text in Text
        from retryable in Flag
        from after in Gen.Elements<long?>(null, 0, Failure.MaximumRetryAfter)
        select (Message)new Message.Error(new(code, text, retryable, after)),
        from offset in Size from token in Bytes(0, Message.MaximumToken) from size in TrainSize select (Message)new Message.Go(offset, token, size),
        from identity in Bytes(1, Message.MaximumIdentity) from digest in Bytes(16, 16) select (Message)new Message.Committed(identity, digest),
        from count in Gen.Choose(0, 5) from entries in Gen.ArrayOf(Entry, count) select (Message)new Message.Entries(new Arr<Entry>(entries)),
        Entry.Select(static entry => (Message)new Message.StatAnswer(entry)),
        from size in Size
        from identity in Bytes(1, Message.MaximumIdentity)
        from digest in Bytes(16, 16)
        from blocks in Gen.Elements(0, 16, 48)
        select (Message)new Message.HashAnswer(size, identity, HashAlgorithm.Xxh128, digest, new(new byte[blocks])),
        Gen.Elements(TrainKind.MakeDirectory, TrainKind.Move, TrainKind.Remove, TrainKind.MakeLink, TrainKind.SetAttributes).Select(static kind => (Message)new Message.DoneAnswer(kind)),
        Bytes(0, Message.MaximumToken).Select(static payload => (Message)new Message.PingAnswer(payload)),
        from workers in Size
        from waiting in Size
        from draining in Flag
        select (Message)new Message.StatusAnswer(new(workers, 1, waiting, 2, draining)));

    private static Gen<Opaque> Bytes(int lowest, int highest) =>
        from length in Gen.OneOf(Gen.Elements(lowest, highest), Gen.Choose(lowest, Math.Min(highest, 40)))
        from fill in Gen.Choose(0, 255)
        select new Opaque(TrainsArbitrary.Bytes(length, fill));

    private static Gen<T?> Maybe<T>(Gen<T?> some) => Gen.OneOf(Gen.Constant<T?>(default), some);

    private static Gen<long?> Maybe(Gen<long> some) => Maybe(some.Select(static n => (long?)n));
}
