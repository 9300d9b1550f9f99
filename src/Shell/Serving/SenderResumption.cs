using Trainyard.Core.Custody;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>How a worker goes on with a file that another has begun to send.</summary>
/// <param name="Step">Where the machine stands.</param>
/// <param name="File">The file; <c>null</c> where nothing of it is needed any more, or it cannot be gone on with.</param>
internal sealed record SenderResumption(SenderStep Step, ServedFile? File)
{
    /// <summary>Looks whether somebody has begun.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="journal">Its slot.</param>
    /// <param name="path">The file.</param>
    /// <returns><c>null</c> where nobody has.</returns>
    public static SenderResumption? Find(Descriptor socket, SlotJournal journal, string path)
    {
        var found = journal.Read();
        if (found.Case is not JournalRecord record)
            return GiveUp(new SenderOutcome.Broken(0, 0));
        if (record.Sequence == 0)
            return null;
        if (Libc.CountStream(socket, out var counts, out var info) != Errno.None || info.State == TcpInfo.Closed)
            return GiveUp(new SenderOutcome.PeerGone((int)Errno.ConnectionReset, 0));
        if (record.Entry.Answers is not [JournalAnswer.Textbook answer] || LayoutOf(answer) is not { } layout)
            return GiveUp(new SenderOutcome.Broken(counts.Queued, 0));
        // Who has ended the stream in order had sent everything, and only could not say so any more.
        if (info.HasEndedSending)
            return new(SenderMachine.Resume(layout, layout.Length), null);
        return Recovery.Judge(record.Entry, counts) switch
        {
            RecoveryVerdict.Continue({ Answers.Count: 0 }, _, _, _) => new(SenderMachine.Resume(layout, layout.Length), null),
            RecoveryVerdict.Continue(_, var position, _, _) => GoOn(answer, layout, position, path),
            _ => GiveUp(new SenderOutcome.Broken(counts.Queued, layout.Length)),
        };
    }

    private static SenderResumption GoOn(JournalAnswer.Textbook answer, TextbookLayout layout, long position, string path)
    {
        var (file, error) = ServedFile.Open(path);
        if (file is null)
            return GiveUp(new SenderOutcome.Unavailable((int)error));
        if (Recovery.Judge(answer, position, file.Identity) == AnswerVerdict.GoOn)
            return new(SenderMachine.Resume(layout, position), file);
        file.Dispose();
        return GiveUp(new SenderOutcome.Changed());
    }

    private static SenderResumption GiveUp(SenderOutcome outcome) => new(SenderMachine.GiveUp(outcome), null);

    private static TextbookLayout? LayoutOf(JournalAnswer.Textbook answer) =>
        TextbookLayout.Create(answer.Dialect, answer.Name, answer.Size).MatchUnsafe<TextbookLayout?>(Right: static layout => layout, Left: static _ => null);
}
