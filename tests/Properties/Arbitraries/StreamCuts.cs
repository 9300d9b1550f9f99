using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Trainyard.Properties.Arbitraries;

/// <summary>How a stream arrives: pieces of these sizes, over and over; without sizes, in one piece.</summary>
public sealed record StreamCuts(int[] Sizes)
{
    /// <summary>The pieces of <paramref name="stream"/> in order, none empty.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> stream)
    {
        for (var piece = 0; !stream.IsEmpty; piece++)
        {
            var size = Next(piece, stream.Length);
            yield return stream[..size];
            stream = stream[size..];
        }
    }

    /// <summary>The stream as a sequence of one segment a piece.</summary>
    public ReadOnlySequence<byte> Segments(ReadOnlyMemory<byte> stream)
    {
        Segment? first = null, last = null;
        foreach (var piece in Cut(stream))
        {
            last = new Segment(piece, last);
            first ??= last;
        }
        return first is null ? default : new(first, 0, last!, last!.Memory.Length);
    }

    /// <summary>The size of the piece with that number where at most <paramref name="limit"/> bytes can come; at least 1.</summary>
    public int Next(int piece, long limit) => (int)Math.Min(limit, Sizes.Length == 0 ? int.MaxValue : Sizes[piece % Sizes.Length]);

    public override string ToString() => $"cuts of [{string.Join(", ", Sizes)}]";

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Memory.Length;
            previous?.Next = this;
        }
    }
}

/// <summary>Cuts that meet headers and train ends often. Shrinks to fewer and larger pieces.</summary>
public static class StreamCutsArbitrary
{
    private static readonly Gen<int> Size = Gen.Frequency(
        (4, Gen.Choose(1, 8)),
        (3, Gen.Choose(995, 1010)),
        (2, Gen.Choose(1, 3000)));

    public static Arbitrary<StreamCuts> StreamCuts() =>
        Arb.From(
            from count in Gen.Choose(0, 6)
            from sizes in Gen.ArrayOf(Size, count)
            select new StreamCuts(sizes),
            static cuts => Enumerable.Range(0, cuts.Sizes.Length)
                .Select(i => new StreamCuts([.. cuts.Sizes.Where((_, j) => j != i)])));
}
