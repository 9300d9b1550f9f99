using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;
using Answer = Trainyard.Core.Custody.JournalAnswer;
using Intake = Trainyard.Core.Custody.JournalIntake;

namespace Trainyard.Core.Custody;

/// <summary>An entry as bytes: its fields in order, each union with the number of its case before it. <see cref="JournalSlot"/> wraps it.</summary>
internal static class JournalEntryCodec
{
    private const int NoSession = 0;
    private const int Requests = 1;
    private const int Upload = 2;
    private const int Skipping = 3;

    private const int File = 1;
    private const int Textbook = 2;
    private const int Literal = 3;
    private const int Unrepeatable = 4;
    private const int Commit = 5;

    private const long Nowhere = -1;

    internal static void Write(ref SlotWriter to, JournalEntry entry)
    {
        to.Long(entry.Written);
        to.Long(entry.Taken);
        to.Long(entry.Landing ?? Nowhere);
        WriteSession(ref to, entry.Session);
        to.Short(entry.Answers.Count);
        foreach (var answer in entry.Answers)
            WriteAnswer(ref to, answer);
        to.Bytes(entry.Ahead.Span);
    }

    internal static void Write(
        ref SlotWriter to, long written, long taken, long? landing, JournalPart session, ReadOnlySpan<JournalPart> answers, ReadOnlySpan<byte> ahead)
    {
        to.Long(written);
        to.Long(taken);
        to.Long(landing ?? Nowhere);
        to.Raw(session.Bytes);
        to.Short(answers.Length);
        foreach (var answer in answers)
            to.Raw(answer.Bytes);
        to.Bytes(ahead);
    }

    internal static byte[] Encode(JournalSession? session)
    {
        var measured = new SlotWriter(default);
        WriteSession(ref measured, session);
        var bytes = new byte[Math.Min(measured.Length, JournalSlot.CopyLength)];
        var to = new SlotWriter(bytes);
        WriteSession(ref to, session);
        return bytes;
    }

    internal static byte[] Encode(Answer answer)
    {
        var measured = new SlotWriter(default);
        WriteAnswer(ref measured, answer);
        var bytes = new byte[Math.Min(measured.Length, JournalSlot.CopyLength)];
        var to = new SlotWriter(bytes);
        WriteAnswer(ref to, answer);
        return bytes;
    }

    /// <returns>The entry; <c>null</c> where the bytes are none.</returns>
    internal static JournalEntry? Read(ReadOnlySpan<byte> bytes)
    {
        var from = new SlotReader(bytes);
        var written = from.Long();
        var taken = from.Long();
        var landing = from.Long(least: Nowhere);
        var session = ReadSession(ref from);
        var answers = new List<Answer>();
        for (var left = from.Short(); left > 0 && !from.IsBad; left--)
        {
            if (ReadAnswer(ref from) is { } answer)
                answers.Add(answer);
        }
        var ahead = new Opaque(from.Bytes());
        return from.IsDone && ahead.Length <= taken && landing <= taken
            ? new(written, taken, session, new Arr<Answer>(answers.ToArray()), ahead, landing == Nowhere ? null : landing)
            : null;
    }

    /// <summary>Whether an entry as bytes says that more may lie in the landing place.</summary>
    internal static bool HasLanding(ReadOnlySpan<byte> entry) => entry.Length >= 3 * sizeof(long) && entry[(3 * sizeof(long)) - 1] < 0x80;

    private static void WriteSession(ref SlotWriter to, JournalSession? session)
    {
        if (session is not var (peer, algorithm, intake, nextToken))
        {
            to.Byte(NoSession);
            return;
        }
        to.Byte(intake is Intake.Upload ? Upload : intake is Intake.Skipping ? Skipping : Requests);
        to.Int(peer.MaximumTrain);
        to.Int(peer.MaximumControl);
        to.Int(peer.Pipelined);
        to.Byte((int)algorithm);
        to.Bytes(nextToken.Span);
        switch (intake)
        {
            case Intake.Upload(var request, var token, var stored, var offset, var received, var expected, var fin, var stream, var whole):
                to.Train(request);
                to.Bytes(token.Span);
                to.Bytes(stored.Span);
                to.Long(offset);
                to.Long(received);
                to.Int(expected);
                to.Byte(fin is null ? 0 : 1);
                if (fin is not null)
                    to.Train(fin);
                to.Bytes(stream.Span);
                to.Bytes(whole.Span);
                break;
            case Intake.Skipping(var expected):
                to.Int(expected);
                break;
            default:
                break;
        }
    }

    private static JournalSession? ReadSession(ref SlotReader from)
    {
        var kind = from.Byte(NoSession, Skipping);
        if (kind == NoSession || from.IsBad)
            return null;
        var peer = new SessionLimits(
            from.Int(1, TrainHeader.MaximumLength),
            from.Int(SessionLimits.LeastControl, SessionLimits.MostControl),
            from.Int(1, SessionLimits.MostPipelined));
        var algorithm = ReadAlgorithm(ref from);
        var nextToken = new Opaque(from.Bytes(Message.MaximumToken));
        Intake? intake = kind switch
        {
            Upload => ReadUpload(ref from),
            Skipping => new Intake.Skipping(from.Int(0, TrainHeader.MaximumLength)),
            _ => new Intake.Requests(),
        };
        return intake is null ? null : new(peer, algorithm, intake, nextToken);
    }

    private static Intake.Upload? ReadUpload(ref SlotReader from)
    {
        if (from.Train<Message.Put>() is not { } request)
            return null;
        var token = new Opaque(from.Bytes(Message.MaximumToken));
        var stored = new Opaque(from.Bytes(Message.MaximumIdentity));
        var offset = from.Long();
        var received = from.Long();
        var expected = from.Int(0, TrainHeader.MaximumLength);
        var fin = from.Byte(0, 1) == 0 ? null : from.Train<Message.Fin>();
        var stream = new Opaque(from.Bytes(Answer.MaximumDigest));
        return new(request, token, stored, offset, received, expected, fin, stream, new(from.Bytes(Answer.MaximumDigest)));
    }

    private static void WriteAnswer(ref SlotWriter to, Answer answer)
    {
        switch (answer)
        {
            case Answer.File(var path, var range, var meta, var digest):
                to.Byte(File);
                to.Bytes(path.Span);
                to.Long(range.Offset);
                to.Long(range.Length ?? -1);
                to.Long(meta.Size);
                to.Long(meta.Modified);
                to.Short(meta.Mode);
                to.Bytes(meta.Identity.Span);
                to.Int(meta.TrainSize);
                to.Byte((int)meta.Algorithm);
                to.Bytes(digest.Span);
                break;
            case Answer.Textbook(var dialect, var name, var size, var identity):
                to.Byte(Textbook);
                to.Byte((int)dialect);
                to.Bytes(name.Span);
                to.Long(size);
                to.Bytes(identity.Span);
                break;
            case Answer.Literal(var bytes):
                to.Byte(Literal);
                to.Bytes(bytes.Span);
                break;
            case Answer.Commit(var path, var stored, var size, var algorithm, var digest, var owesGo):
                to.Byte(Commit);
                to.Bytes(path.Span);
                to.Bytes(stored.Span);
                to.Long(size);
                to.Byte((int)algorithm);
                to.Bytes(digest.Span);
                to.Byte(owesGo ? 1 : 0);
                break;
            case Answer.Unrepeatable(var why):
                to.Byte(Unrepeatable);
                to.Byte((int)why);
                break;
            default:
                break;
        }
    }

    private static Answer? ReadAnswer(ref SlotReader from) =>
        from.Byte(File, Commit) switch
        {
            File => ReadFile(ref from),
            Textbook => ReadTextbook(ref from),
            Commit => ReadCommit(ref from),
            Literal => new Answer.Literal(new(from.Bytes())),
            _ => new Answer.Unrepeatable((JournalObstacle)from.Byte((int)JournalObstacle.Answer, (int)JournalObstacle.Encryption)),
        };

    private static Answer.File? ReadFile(ref SlotReader from)
    {
        if (RemotePath.Create(from.Bytes()).Case is not RemotePath path)
            return from.Bad<Answer.File>();
        var offset = from.Long();
        var length = from.Long(least: -1);
        var size = from.Long();
        var modified = from.Long(long.MinValue);
        var mode = from.Short(Entry.MaximumMode);
        var identity = new Opaque(from.Bytes(Message.MaximumIdentity));
        var trainSize = from.Int(1, TrainHeader.MaximumLength);
        var meta = new Message.Meta(size, modified, mode, identity, trainSize, ReadAlgorithm(ref from));
        return new(path, new(offset, length < 0 ? null : length), meta, new(from.Bytes(Answer.MaximumDigest)));
    }

    private static Answer.Textbook? ReadTextbook(ref SlotReader from)
    {
        var dialect = (Dialect)from.Byte((int)Dialect.Trains, (int)Dialect.Whole);
        if (FileName.Create(from.Bytes()).Case is not FileName name)
            return from.Bad<Answer.Textbook>();
        return new(dialect, name, from.Long(), new(from.Bytes(Message.MaximumIdentity)));
    }

    private static Answer.Commit? ReadCommit(ref SlotReader from) =>
        RemotePath.Create(from.Bytes()).Case is RemotePath path
            ? new(
                path, new(from.Bytes(Message.MaximumIdentity)), from.Long(), ReadAlgorithm(ref from), new(from.Bytes(HashAlgorithms.LongestDigest)), from.Byte(0, 1) == 1)
            : from.Bad<Answer.Commit>();

    private static HashAlgorithm ReadAlgorithm(ref SlotReader from) => (HashAlgorithm)from.Byte((int)HashAlgorithm.Xxh128, (int)HashAlgorithm.Md5);
}
