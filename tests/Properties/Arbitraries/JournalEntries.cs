using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Protocol;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Journal entries of every shape; some are longer than a slot.</summary>
public static class JournalEntries
{
    private static readonly Gen<long> Count = Boundaries.Long.Select(static n => n & long.MaxValue);

    private static readonly Gen<int> Expected = Gen.Elements(0, 1, 1000, TrainHeader.MaximumLength);

    private static readonly Gen<HashAlgorithm> Algorithm = Gen.Elements(Enum.GetValues<HashAlgorithm>());

    private static readonly Gen<Message.Put> Put =
        from path in Messages.RemotePath_().Generator
        from size in Gen.Elements<long?>(null, 0, 5, long.MaxValue)
        from token in Bytes(0, Message.MaximumToken)
        from eager in Gen.Elements(true, false)
        select new Message.Put(path, size, -1, 0x1a4, token, default, !eager, HashAlgorithm.Sha256, eager);

    private static readonly Gen<Message.Fin?> Fin =
        Gen.Elements<Message.Fin?>(null, new(7, new(TrainsArbitrary.Bytes(32, 1))));

    private static readonly Gen<JournalIntake> Intake = Gen.OneOf<JournalIntake>(
        Gen.Constant((JournalIntake)new JournalIntake.Requests()),
        Expected.Select(static expected => (JournalIntake)new JournalIntake.Skipping(expected)),
        from put in Put
        from token in Bytes(0, Message.MaximumToken)
        from stored in Bytes(0, Message.MaximumIdentity)
        from offset in Count
        from received in Count
        from expected in Expected
        from fin in Fin
        from stream in Bytes(0, JournalAnswer.MaximumDigest)
        from whole in Bytes(0, JournalAnswer.MaximumDigest)
        select (JournalIntake)new JournalIntake.Upload(put, token, stored, offset, received, expected, fin, stream, whole));

    private static readonly Gen<JournalSession?> Session = Gen.OneOf(
        Gen.Constant<JournalSession?>(null),
        from limits in Gen.Elements(SessionLimits.Default, new(1, SessionLimits.LeastControl, 1), new(TrainHeader.MaximumLength, SessionLimits.MostControl, SessionLimits.MostPipelined))
        from algorithm in Algorithm
        from intake in Intake
        from token in Bytes(0, Message.MaximumToken)
        select (JournalSession?)new JournalSession(limits, algorithm, intake, token));

    private static readonly Gen<JournalAnswer> Answer = Gen.OneOf<JournalAnswer>(
        from path in Messages.RemotePath_().Generator
        from response in ResponsesArbitrary.Response().Generator
        from digest in Bytes(0, JournalAnswer.MaximumDigest)
        select (JournalAnswer)new JournalAnswer.File(path, response.Range, response.Meta, digest),
        from path in Messages.RemotePath_().Generator
        from meta in Messages.Meta().Generator
        from offset in Count
        from length in Gen.OneOf(Gen.Constant<long?>(null), Count.Select(static n => (long?)n))
        select (JournalAnswer)new JournalAnswer.File(path, new(offset, length), meta),
        from dialect in TextbookFilesArbitrary.FileDialect
        from name in TextbookFilesArbitrary.FileName().Generator
        from size in Count
        from identity in Bytes(0, Message.MaximumIdentity)
        select (JournalAnswer)new JournalAnswer.Textbook(dialect, name, size, identity),
        from path in Messages.RemotePath_().Generator
        from stored in Bytes(0, Message.MaximumIdentity)
        from size in Count
        from algorithm in Algorithm
        from digest in Bytes(0, HashAlgorithms.LongestDigest)
        from owesGo in Gen.Elements(true, false)
        select (JournalAnswer)new JournalAnswer.Commit(path, stored, size, algorithm, digest, owesGo),
        Bytes(0, 200).Select(static bytes => (JournalAnswer)new JournalAnswer.Literal(bytes)),
        Gen.Elements(Enum.GetValues<JournalObstacle>()).Select(static why => (JournalAnswer)new JournalAnswer.Unrepeatable(why)));

    public static Arbitrary<JournalEntry> JournalEntry() =>
        Arb.From(
            from written in Count
            from session in Session
            from count in Gen.Frequency((5, Gen.Choose(0, 3)), (1, Gen.Choose(4, 40)))
            from answers in Gen.ArrayOf(Answer, count)
            from ahead in Gen.Frequency((5, Bytes(0, 300)), (1, Bytes(3500, 4500)))
            from taken in Count
            from behind in Gen.Choose(0, JournalSlot.LandingLength)
            from lands in Gen.Elements(true, false)
            select new JournalEntry(
                written, Math.Max(taken, ahead.Length), session, new Arr<JournalAnswer>(answers), ahead, lands ? Math.Max(taken - behind, 0) : null),
            static entry => Shorter(entry));

    private static IEnumerable<JournalEntry> Shorter(JournalEntry entry)
    {
        if (entry.Answers.Count > 0)
            yield return entry with { Answers = entry.Answers.RemoveAt(0) };
        if (!entry.Ahead.IsEmpty)
            yield return entry with { Ahead = new(entry.Ahead.Span[..(entry.Ahead.Length / 2)]) };
        if (entry.Session is not null)
            yield return entry with { Session = null };
    }

    private static Gen<Opaque> Bytes(int least, int most) =>
        from length in Gen.Choose(least, most) from fill in Gen.Choose(0, 255) select new Opaque(TrainsArbitrary.Bytes(length, fill));
}
