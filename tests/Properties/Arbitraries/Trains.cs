using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Framing;

namespace Trainyard.Properties.Arbitraries;

/// <summary>A train to be encoded.</summary>
public sealed record Train(TrainKind Kind, byte[] Body)
{
    public override string ToString() => $"{Kind}[{Body.Length}]";
}

/// <summary>Trains and headers of every kind, named or not; lengths often at an edge.</summary>
public static class TrainsArbitrary
{
    private static readonly Gen<TrainKind> Kind = Gen.Frequency(
        (2, Gen.Constant(TrainKind.Data)),
        (2, Gen.Elements(Enum.GetValues<TrainKind>())),
        (1, Gen.Choose(0, 255).Select(static n => (TrainKind)n)));

    public static Arbitrary<TrainHeader> TrainHeader() =>
        (from kind in Kind
         from length in Gen.OneOf(Gen.Elements(0, 1, 255, 256, 999, 1000, 1001, 65535, 65536, 0xfffffe, 0xffffff), Gen.Choose(0, 0xffffff))
         select Header(kind, length)).ToArbitrary();

    public static Arbitrary<Train> Train() =>
        Arb.From(
            from kind in Kind
            from length in Boundaries.FileSize
            from fill in Gen.Choose(0, 255)
            select new Train(kind, Bytes(length, fill)),
            static train => Shorter(train.Body.Length).Select(length => new Train(train.Kind, train.Body[..length])));

    /// <summary>Bytes that differ from their neighbours, so that a shift shows.</summary>
    internal static byte[] Bytes(int length, int fill) => [.. Enumerable.Range(fill, length).Select(static n => (byte)(n * 131 >> 3))];

    /// <summary>Lengths to shrink to: none, half, one less.</summary>
    internal static IEnumerable<int> Shorter(int length) => new[] { 0, length / 2, length - 1 }.Where(n => n >= 0 && n < length).Distinct();

    private static TrainHeader Header(TrainKind kind, int length) =>
        Core.Framing.TrainHeader.Create(kind, length).IfLeft(static () => throw new ArgumentOutOfRangeException(nameof(length)));
}
