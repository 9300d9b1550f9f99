using FsCheck;
using FsCheck.Fluent;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Protocol;

namespace Trainyard.Properties.Custody;

/// <summary>What a worker does with bytes that have come.</summary>
public enum CrashInput
{
    /// <summary>It looks at them, journals them, and then takes them.</summary>
    LooksFirst,

    /// <summary>It takes them into the slot.</summary>
    Lands,

    /// <summary>It takes them into its own memory, and journals them then.</summary>
    TakesFirst,
}

/// <summary>A client's requests, all sent at once, and the workers that answer them, each killed after so many steps, the last one never.</summary>
/// <param name="Requests">What is asked.</param>
/// <param name="Lives">How many steps each worker has.</param>
/// <param name="Choices">What a worker does next and how much of it, over and over.</param>
/// <param name="Input">How workers take bytes out of the socket.</param>
/// <param name="Touched">After each death the file of the request with this number has another content; -1 for none.</param>
/// <param name="Moves">Whether what was said travels into another slot after each death, as from one master to the next.</param>
public sealed record CrashScenario(ModelRequest[] Requests, int[] Lives, byte[] Choices, CrashInput Input, int Touched, bool Moves)
{
    /// <summary>Whether a kill may lose what was taken.</summary>
    internal bool TakesFirst => Input == CrashInput.TakesFirst;

    public override string ToString() =>
        $"[{string.Join("; ", Requests.Select(static r => $"{r}"))}] lives [{string.Join(", ", Lives)}] choices [{string.Join(", ", Choices)}] {Input} touched {Touched} moves {Moves}";
}

/// <summary>Short scenarios in which every joint is met. Shrinks to fewer requests and deaths.</summary>
public static class CrashScenarios
{
    private static readonly Gen<ModelRequest> Request =
        from bytes in Gen.Choose(1, 6)
        from kind in Gen.Frequency(
            (6, ResponsesArbitrary.Response().Generator.Select(static r => new ModelRequest(1, r, null, null))),
            (2, from dialect in TextbookFilesArbitrary.FileDialect
                from size in Gen.Frequency((4, Gen.Choose(0, 20)), (1, Gen.Choose(998, 1003)))
                select new ModelRequest(1, null, new(dialect, TextbookFilesArbitrary.Name("n"u8.ToArray()), TrainsArbitrary.Bytes(size, 9)), null)),
            (2, Gen.Choose(0, 12).Select(static length => new ModelRequest(1, null, null, TrainsArbitrary.Bytes(length, 77)))),
            (1, Gen.Constant(new ModelRequest(1, null, null, null))),
            (3, Gen.Constant(new ModelRequest(1, null, null, null, IsCommit: true))))
        select kind with { Bytes = bytes };

    public static Arbitrary<CrashScenario> CrashScenario() =>
        Arb.From(
            from count in Gen.Choose(1, 6)
            from requests in Gen.ArrayOf(Request, count)
            from deaths in Gen.Choose(1, 8)
            from lives in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 60)), (3, Gen.Choose(0, 500)), (2, Gen.Choose(0, 3000))), deaths)
            from choices in Gen.ArrayOf(Gen.Choose(0, 255).Select(static n => (byte)n), 17)
            from input in Gen.Frequency((2, Gen.Constant(CrashInput.Lands)), (2, Gen.Constant(CrashInput.LooksFirst)), (1, Gen.Constant(CrashInput.TakesFirst)))
            from touched in Gen.Frequency((2, Gen.Constant(-1)), (1, Gen.Choose(0, count - 1)))
            from moves in Gen.Elements(true, false)
            select new CrashScenario(requests, lives, choices, input, touched, moves),
            static s => Enumerable.Range(0, s.Requests.Length > 1 ? s.Requests.Length : 0)
                .Select(i => s with { Requests = [.. s.Requests.Where((_, j) => j != i)], Touched = Math.Min(s.Touched, s.Requests.Length - 2) })
                .Concat(Enumerable.Range(0, s.Lives.Length).Select(i => s with { Lives = [.. s.Lives.Where((_, j) => j != i)] })));
}
