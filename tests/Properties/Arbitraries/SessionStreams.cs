using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Protocol.Sessions;

namespace Trainyard.Properties.Arbitraries;

/// <summary>All that a client sends in a session, without waiting for answers.</summary>
/// <param name="Items">Its messages and trains, one behind the other.</param>
/// <param name="Pieces">How long the pieces are in which it arrives, over and over.</param>
/// <param name="Choices">What the server does about it.</param>
public sealed record SessionStream(byte[][] Items, int[] Pieces, int[] Choices)
{
    internal byte[] Bytes { get; } = [.. Items.SelectMany(static item => item)];

    /// <summary>How much has come when more than <paramref name="seen"/> bytes have.</summary>
    internal int Arrived(int seen)
    {
        var round = Pieces.Sum();
        var arrived = seen - (seen % round);
        for (var piece = 0; arrived <= seen; piece++)
            arrived += Pieces[piece];
        return Math.Min(arrived, Bytes.Length);
    }

    /// <summary>What the server chooses at a byte.</summary>
    internal int Choose(int consumed) => Choices[consumed % Choices.Length];

    public override string ToString() =>
        $"{string.Join(' ', Items.Select(Convert.ToHexString))} in pieces of [{string.Join(", ", Pieces)}] choices [{string.Join(", ", Choices)}]";
}

/// <summary>Sessions of requests and uploads, some of which end in a way that they should not. Shrinks to fewer items.</summary>
public static class SessionStreams
{
    /// <summary>Bytes of a file of known size that an earlier session brought, where the server goes on with that.</summary>
    internal const int StoredBefore = 7;

    private const int MostNoise = 1000;

    private static readonly Gen<byte[]> Hello =
        from limits in Gen.Elements(SessionLimits.Default, new(1, SessionLimits.LeastControl, 1))
        from hash in Gen.Elements(HashAlgorithm.Xxh128, HashAlgorithm.Md5)
        select Wire.Train(new Message.ClientHello(1, 2, limits, new Arr<HashAlgorithm>([hash]), default));

    private static readonly Gen<byte[][]> Upload =
        from trains in Gen.Choose(0, 4)
        from sizes in Gen.ArrayOf(Gen.Elements(1, 2, 5, 60, 700), trains)
        from isEager in Gen.Elements(true, false)
        from isSized in Gen.Elements(true, false)
        from hash in Gen.Elements<HashAlgorithm?>(null, HashAlgorithm.Sha256)
        from end in Gen.Frequency((6, Gen.Constant("fin")), (2, Gen.Constant("error")), (1, Gen.Constant("nothing")), (1, Gen.Constant("wrong")))
        let total = sizes.Sum()
        let put = new Message.Put(Messages.PathOf("up"u8), isSized ? total + (isEager ? 0 : StoredBefore) : null, null, null, default, default, false, hash, isEager)
        select (byte[][])[Wire.Train(put), .. sizes.Select(static size => Wire.DataTrain(TrainsArbitrary.Bytes(size, size))), .. End(end, total, HashAlgorithms.DigestLength(hash ?? HashAlgorithm.Xxh128))];

    private static readonly Gen<byte[][]> Item = Gen.Frequency(
        (4, Upload),
        (4, from request in Gen.Elements<Message>(
                new Message.Get(Messages.PathOf("a"u8), default, default, null), new Message.Status(), new Message.Ping(new("p"u8)),
                new Message.Remove(Messages.PathOf("a"u8), default), new Message.List(null, true, null))
            select new[] { Wire.Train(request) }),
        (1, Messages.Message_().Generator.Select(static message => new[] { Wire.Train(message) }).Where(static trains => trains[0].Length < MostNoise)));

    public static Arbitrary<SessionStream> SessionStream() =>
        Arb.From(
            from hello in Hello
            from count in Gen.Choose(0, 6)
            from items in Gen.ArrayOf(Item, count)
            from pieces in Gen.Elements<int[]>([1], [3, 1], [9, 2, 40], [64], [100_000])
            from choices in Gen.ArrayOf(Gen.Choose(0, 1000), 13)
            select new SessionStream([hello, .. items.SelectMany(static item => item)], pieces, choices),
            static stream => Enumerable.Range(1, stream.Items.Length - 1).Select(i => stream with { Items = [.. stream.Items.Where((_, j) => j != i)] }));

    private static byte[][] End(string end, int total, int digest) =>
        end switch
        {
            "fin" => [Wire.Train(new Message.Fin(total, new(new byte[digest]))), Wire.Train(new Message.Ping(default))],
            "wrong" => [Wire.Train(new Message.Fin(total + 1, new(new byte[digest])))],
            "error" => [Wire.Train(new Message.Error(Failure.Of(ErrorCode.Interrupted)))],
            _ => [],
        };
}
