using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Protocol.Sessions;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Bytes that no peer in its senses sends, though each piece may be right in itself.</summary>
public sealed record SessionNoise(byte[][] Pieces)
{
    internal byte[] Bytes { get; } = [.. Pieces.SelectMany(static piece => piece)];

    public override string ToString() => string.Join(' ', Pieces.Select(Convert.ToHexString));
}

/// <summary>Noise from plain bytes, from trains of any kind with any body and a right checksum, and from messages of both sides.</summary>
public static class SessionNoiseArbitrary
{
    private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(static b => (byte)b);

    private static readonly Gen<byte[]> Body = from length in Gen.Choose(0, 30) from bytes in Gen.ArrayOf(Byte, length) select bytes;

    private static readonly Gen<byte[]> Piece = Gen.Frequency(
        (1, Body),
        (2, from kind in Gen.Choose(0, 40) from body in Body select Sealed(kind, body)),
        (4, Messages.Message_().Generator.Select(static message => MessageCodec.Encode(message, 9216).IfLeft(static _ => []))),
        (1, from length in Gen.Choose(0, 0xffffff) from kind in Gen.Elements(0, 0, 1, 18, 32) select BitConverter.GetBytes(kind << 24 | length)),
        (2, Body.Select(static body => Wire.DataTrain(body))));

    public static Arbitrary<SessionNoise> SessionNoise() =>
        Arb.From(
            from count in Gen.Choose(0, 6) from pieces in Gen.ArrayOf(Piece, count) select new SessionNoise(pieces),
            static noise => Enumerable.Range(0, noise.Pieces.Length).Select(i => new SessionNoise([.. noise.Pieces.Where((_, j) => j != i)])));

    private static byte[] Sealed(int kind, byte[] body)
    {
        byte[] train = [(byte)(body.Length + Checksum.Size), 0, 0, (byte)kind, .. body, .. new byte[Checksum.Size]];
        Checksum.Seal(train);
        return train;
    }
}
