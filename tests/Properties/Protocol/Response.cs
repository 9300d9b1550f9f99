using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Protocol;

/// <summary>A request for a small file, and what there is to answer it with.</summary>
public sealed record Response(FileRange Range, Message.Meta Meta, byte[] Content, byte[] Digest)
{
    public ResponseLayout Layout { get; } = Create(Range, Meta);

    /// <summary>The layout, made anew.</summary>
    internal ResponseLayout Again() => Create(Range, Meta with { Identity = new(Meta.Identity.Span) });

    /// <summary>The response as one writes it down without arithmetic: train after train.</summary>
    internal byte[] Reference()
    {
        var sent = Content.Skip((int)Range.Offset).Take((int)Math.Min(Range.Length ?? int.MaxValue, int.MaxValue)).ToArray();
        var data = sent.Chunk(Meta.TrainSize).SelectMany(static chunk => (byte[])[(byte)chunk.Length, (byte)(chunk.Length >> 8), 0, 0, .. chunk]);
        return [.. Train(Meta), .. data, .. Train(new Message.Fin(sent.Length, new(Digest)))];
    }

    /// <summary>The response from a position on as an interpreter sends it: part by part, literals in pieces.</summary>
    internal byte[] Read(long from, int piece)
    {
        List<byte> bytes = [];
        while (from < Layout.Length)
        {
            var part = Layout.PartAt(from);
            var literal = new byte[piece];
            ReadOnlySpan<byte> next = part.Kind switch
            {
                ResponsePartKind.File => Content.AsSpan((int)part.Offset, (int)part.Length),
                ResponsePartKind.Digest => Tail().AsSpan((int)part.Offset, (int)part.Length),
                _ => literal.AsSpan(0, Layout.CopyLiteral(from, literal)),
            };
            if (next.IsEmpty)
                throw new InvalidOperationException($"no progress at {from}: {part}");
            bytes.AddRange(next);
            from += next.Length;
        }
        return [.. bytes];
    }

    private byte[] Tail()
    {
        var tail = new byte[Layout.TailLength];
        Layout.CopyTail(new(Digest), tail);
        return tail;
    }

    public override string ToString() => $"{Range} of {Content.Length} bytes in trains of {Meta.TrainSize}";

    private static ResponseLayout Create(FileRange range, Message.Meta meta) =>
        ResponseLayout.Create(range, meta).IfLeft(static error => throw new ArgumentException(error.ToString()));

    private static byte[] Train(Message message) =>
        MessageCodec.Encode(message, SessionLimits.MostControl).IfLeft(static error => throw new ArgumentException(error.ToString()));
}

/// <summary>Responses whose trains are short, so that every joint is met.</summary>
public static class ResponsesArbitrary
{
    public static Arbitrary<Response> Response() =>
        Arb.From(
            from size in Gen.Choose(0, 120)
            from offset in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, size))
            from length in Gen.Elements<long?>(null, 0, 1, 7, 64, long.MaxValue)
            from trainSize in Gen.Elements(1, 2, 7, 16, 100, TrainHeader.MaximumLength)
            from algorithm in Gen.Elements(Enum.GetValues<HashAlgorithm>())
            from identity in Gen.Elements("a", "0123456789abcdef0123456789abcdef")
            select new Response(
                new(offset, length),
                new(size, -1, 0x1a4, new(System.Text.Encoding.ASCII.GetBytes(identity)), trainSize, algorithm),
                TrainsArbitrary.Bytes(size, 3),
                TrainsArbitrary.Bytes(HashAlgorithms.DigestLength(algorithm), 200)));
}
