using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Protocol;
using Trainyard.Properties.Protocol.Sessions;
using Xunit;

namespace Trainyard.Properties.Custody;

/// <summary>
/// Answers under way, and how much of them the kernel has taken when each worker dies: what the next ones send is the rest, byte by byte. Millions of
/// cases with TRAINYARD_LONG=1; <see cref="CrashProperties"/> has fewer, with workers that die within their steps.
/// </summary>
public class ContinuedStreamProperties
{
    [Fact]
    public void Wherever_workers_die_the_stream_is_the_uninterrupted_one() =>
        Prop.ForAll(Streams, static stream => Continue(stream)).Check(LongForm.Of(10_000));

    [Fact]
    public void An_error_may_be_said_exactly_where_a_train_begins() =>
        Prop.ForAll(Streams, static stream => Walk(stream)).Check(LongForm.Of(1000));

    private static Arbitrary<AnswerStream> Streams =>
        Arb.From(
            from count in Gen.Choose(0, 4)
            from answers in Gen.ArrayOf(Answer, count)
            from written in Gen.Elements(0L, 1L, 5_000_000_000L)
            from deaths in Gen.Choose(1, 5)
            from parts in Gen.ArrayOf(Gen.Choose(0, 1000), deaths)
            from keeps in Gen.Elements(true, false)
            select new AnswerStream(answers, written, parts, keeps),
            static stream => Enumerable.Range(0, stream.Answers.Length).Select(i => stream with { Answers = [.. stream.Answers.Where((_, j) => j != i)] }));

    private static Gen<ModelRequest> Answer => Gen.Frequency(
        (5, ResponsesArbitrary.Response().Generator.Select(static response => new ModelRequest(1, response, null, null))),
        (2, Messages.Message_().Generator.Select(static message => new ModelRequest(1, null, null, Wire.Train(message)))),
        (1, from dialect in TextbookFilesArbitrary.FileDialect
            from size in Gen.Frequency((4, Gen.Choose(0, 30)), (1, Gen.Choose(995, 2005)))
            select new ModelRequest(1, null, new(dialect, TextbookFilesArbitrary.Name("n"u8.ToArray()), TrainsArbitrary.Bytes(size, 9)), null)));

    private static void Continue(AnswerStream stream)
    {
        var whole = stream.Bytes;
        var entry = stream.Entry;
        var wire = new List<byte>(whole.Length);
        foreach (var part in stream.Parts.Append(1000))
        {
            var verdict = Assert.IsType<RecoveryVerdict.Continue>(Recovery.Judge(entry, new(stream.Written + wire.Count, entry.Taken)));
            Assert.Equal(0, verdict.Discard);
            var rest = stream.RestOf(verdict.Rest, verdict.Position);
            Assert.Equal(whole.Length - wire.Count, rest.Length);
            wire.AddRange(rest.AsSpan(0, (int)(rest.Length * (long)part / 1000)));
            // A worker may die before it has said anything of its own, and leaves what the one before it has said.
            entry = stream.Keeps ? entry : verdict.Rest;
        }
        Assert.Equal(whole, wire);
        Assert.Equal(
            new RecoveryVerdict.Continue(entry with { Written = stream.Written + whole.Length, Answers = default }, 0, 0),
            Recovery.Judge(entry, new(stream.Written + whole.Length, entry.Taken)));
    }

    private static void Walk(AnswerStream stream)
    {
        var borders = stream.Borders();
        for (var position = 0; position <= stream.Bytes.Length; position++)
            Assert.Equal(borders.Contains(position), Recovery.IsBetweenTrains(stream.Entry, new(stream.Written + position, stream.Entry.Taken)));
        Assert.False(Recovery.IsBetweenTrains(stream.Entry, new(stream.Written - 1, 0)));
        Assert.False(Recovery.IsBetweenTrains(stream.Entry, new(stream.Written + stream.Bytes.Length + 1, 0)));
        Assert.False(Recovery.IsBetweenTrains(stream.Entry, new(stream.Written, stream.Entry.Taken + 1)));
    }

    /// <summary>Answers that lie one behind the other in a stream.</summary>
    private sealed record AnswerStream(ModelRequest[] Answers, long Written, int[] Parts, bool Keeps)
    {
        internal byte[] Bytes { get; } = [.. Answers.SelectMany(static answer => answer.Reference(version: 0))];

        internal JournalEntry Entry { get; } = new(
            Written, 7, new(SessionLimits.Default, HashAlgorithm.Xxh128, new JournalIntake.Requests()),
            new Arr<JournalAnswer>(Answers.Select(static (answer, i) => answer.Answer(i, version: 0)).ToArray()), default);

        internal byte[] RestOf(JournalEntry rest, long position) =>
            [.. rest.Answers.SelectMany((answer, i) => Answers[Answers.Length - rest.Answers.Count + i].Rest(answer, i == 0 ? position : 0, version: 0))];

        /// <summary>Where trains begin, found by reading one header after the other; and the end, where nothing is owed.</summary>
        internal System.Collections.Generic.HashSet<int> Borders()
        {
            System.Collections.Generic.HashSet<int> borders = [Bytes.Length];
            var at = 0;
            foreach (var answer in Answers)
            {
                var bytes = answer.Reference(version: 0);
                for (var train = 0; answer.Textbook is null && train < bytes.Length;)
                {
                    borders.Add(at + train);
                    train += TrainHeader.FromWord(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(train))).TotalLength;
                }
                at += bytes.Length;
            }
            return borders;
        }

        public override string ToString() =>
            $"[{string.Join("; ", Answers.Select(static answer => $"{answer}"))}] from {Written}, parts [{string.Join(", ", Parts)}], keeps {Keeps}";
    }
}
