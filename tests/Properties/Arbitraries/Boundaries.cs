using FsCheck;
using FsCheck.Fluent;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Generators of numbers that meet the edges far more often than chance would.</summary>
internal static class Boundaries
{
    /// <summary>File sizes of a few trains: around 0 and around every multiple of 1000.</summary>
    internal static Gen<int> FileSize { get; } = Gen.Frequency(
        (2, Gen.Elements(0, 1, 2)),
        (5, from trains in Gen.Choose(1, 4) from around in Gen.Choose(-2, 2) select trains * 1000 + around),
        (3, Gen.Choose(0, 5000)));

    /// <summary>Any 64-bit number, often an edge.</summary>
    internal static Gen<long> Long { get; } = Gen.Frequency(
        (3, Gen.Elements(0L, 1, -1, 4, 8, 999, 1000, 1001, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, long.MaxValue - 300)),
        (2, Gen.Choose(-2000, 2000).Select(static n => (long)n)),
        (1, from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(int.MinValue, int.MaxValue) select ((long)high << 32) | (uint)low));

    /// <summary>Any header word, often one near a limit.</summary>
    internal static Gen<int> HeaderWord { get; } = Gen.Frequency(
        (3, Gen.Elements(0, 1, 4, 8, 999, 1000, 1001, -1, int.MinValue, int.MaxValue, 0xffffff, 0x1000000, 0x1000005, 255, 256)),
        (1, Gen.Choose(0, 1100)),
        (1, Gen.Choose(int.MinValue, int.MaxValue)));
}
