using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;
using Answer = Trainyard.Core.Custody.JournalAnswer;

namespace Trainyard.Core.Custody;

/// <summary>How a worker goes on with what another has begun on a connection. Pure: same entry and counts, same verdict.</summary>
/// <remarks>
/// <para>The kernel keeps the connection and its counts when a process dies; the entry says what the counts mean. The worker keeps to this, and any
/// crash point is then told apart:</para>
/// <para>1. An answer is in the entry before its first byte goes out; in particular an ERROR that takes the place of an answer's rest. So what was
/// queued is always a part of what the entry says.</para>
/// <para>2. An answer leaves the entry only when its last byte has been queued. So what was queued always reaches to <see cref="JournalEntry.Written"/>.</para>
/// <para>3. A request stays <see cref="JournalEntry.Ahead"/> until its answer is in the entry, unless it changes something: then an unrepeatable answer
/// is written before the change, and the true one after it. So nothing is done twice, and what only reads is done again. Who dies between the
/// two leaves a request of which nobody knows whether it was carried out, and that is what the client is told.</para>
/// <para>4. Bytes are taken out of the socket into the slot itself, behind those that landed there before, and stay until an entry accounts for them; or they are
/// looked at (MSG_PEEK, recv(2)), journalled, and then taken; those of an upload are stored before they are journalled. Whoever takes them
/// elsewhere risks that they are lost with the process: that is seen by the count, and ends the connection or rewinds the upload.</para>
/// <para>5. An upload that is whole may wait for its name while others follow it. That it does is in the entry before it can get one
/// (<see cref="JournalAnswer.Commit"/>), and stays there until what became of it is, before that is said. Without a name its file dies with the worker: so who goes on
/// finds that very file under the name and says so, or there is none and its client sends it again.</para>
/// <para>6. A torn entry does not count (<see cref="JournalSlot"/>), and by 1 to 5 the one before it still holds.</para>
/// </remarks>
public static class Recovery
{
    /// <summary>Judges a connection.</summary>
    /// <param name="entry">The newest entry.</param>
    /// <param name="counts">What the kernel has counted since the worker is gone.</param>
    public static RecoveryVerdict Judge(JournalEntry entry, StreamCounts counts)
    {
        var position = counts.Queued - entry.Written;
        if (position < 0)
            return Fail(new RecoveryError.Unsent(entry.Written, counts.Queued));
        var complete = 0;
        for (; complete < entry.Answers.Count; complete++)
        {
            if (entry.Answers[complete] is Answer.Unrepeatable(var why))
            {
                if (position == 0 && why == JournalObstacle.Answer)
                    break;
                return Fail(new RecoveryError.Unrepeatable(why));
            }
            if (entry.Answers[complete] is Answer.Commit)
            {
                if (position == 0)
                    break;
                return Fail(new RecoveryError.Unjournalled(position));
            }
            if (LengthOf(entry.Answers[complete]) is not { } length)
                return Fail(new RecoveryError.Impossible());
            if (position < length)
                break;
            position -= length;
        }
        if (complete == entry.Answers.Count && position > 0)
            return Fail(new RecoveryError.Unjournalled(position));
        var rest = complete == 0 ? entry : entry with { Written = counts.Queued - position, Answers = entry.Answers.RemoveRange(0, complete) };
        var unaccounted = counts.Taken - entry.Taken;
        return unaccounted <= 0
            ? new RecoveryVerdict.Continue(rest, position, -unaccounted)
            : counts.Taken - entry.Landing <= JournalSlot.LandingLength
                ? new RecoveryVerdict.Continue(rest, position, 0, (int)unaccounted)
                : WithoutInput(rest, position, unaccounted);
    }

    /// <summary>Judges an answer when its turn comes.</summary>
    /// <param name="answer">The answer, one of those that <see cref="RecoveryVerdict"/> leaves.</param>
    /// <param name="position">From which of its bytes on it is to be sent.</param>
    /// <param name="found">
    /// The identity of its file as it is now; of a commit, by which the store knows the file that has the name, if that has the size and the digest. Empty where
    /// there is none, or the answer has none.
    /// </param>
    public static AnswerVerdict Judge(JournalAnswer answer, long position, Opaque found) =>
        answer switch
        {
            Answer.File file when file.Meta.Identity != found =>
                LayoutOf(file) is { } layout && position >= 0 && position < layout.Length && layout.BoundaryFrom(position) == position
                    ? AnswerVerdict.SayError
                    : AnswerVerdict.Break,
            Answer.Textbook textbook when textbook.Identity != found => AnswerVerdict.Break,
            Answer.Commit commit => position != 0 ? AnswerVerdict.Break
                : !found.IsEmpty && commit.Stored == found ? AnswerVerdict.SayCommitted : AnswerVerdict.SayError,
            Answer.Unrepeatable(var why) => why == JournalObstacle.Answer && position == 0 ? AnswerVerdict.SayError : AnswerVerdict.Break,
            _ => AnswerVerdict.GoOn,
        };

    /// <summary>
    /// Whether a train may begin on a connection as it stands, so that somebody who does not go on with it can still say why. Never in a textbook
    /// dialect, which has no word for it.
    /// </summary>
    /// <param name="entry">The newest entry.</param>
    /// <param name="counts">What the kernel has counted since the worker is gone.</param>
    public static bool IsBetweenTrains(JournalEntry entry, StreamCounts counts) =>
        Judge(entry, counts) switch
        {
            RecoveryVerdict.Continue(var rest, var position, _, _) => IsBetweenTrains(rest, position),
            RecoveryVerdict.Rewind(var rest, var position, _) => IsBetweenTrains(rest, position),
            _ => false,
        };

    private static bool IsBetweenTrains(JournalEntry rest, long position) =>
        rest.Answers.Count == 0 || rest.Answers[0] switch
        {
            Answer.File file => LayoutOf(file) is { } layout && position < layout.Length && layout.BoundaryFrom(position) == position,
            Answer.Textbook => false,
            _ => position == 0,
        };

    /// <summary>Judges an upload under way.</summary>
    /// <param name="upload">As it was journalled.</param>
    /// <param name="found">What the store has of it.</param>
    public static UploadVerdict Judge(JournalIntake.Upload upload, UploadFound found) =>
        found switch
        {
            UploadFound.Partial => UploadVerdict.GoOn,
            // Without its end nobody can have committed it: somebody has put another file there that is like it in all we know.
            UploadFound.Named when upload.Fin is not null => UploadVerdict.SayCommitted,
            _ => UploadVerdict.SayError,
        };

    /// <summary>Bytes that came behind those ahead were read and are gone: only what is data of an upload can do without.</summary>
    private static RecoveryVerdict WithoutInput(JournalEntry rest, long position, long lost)
    {
        var gone = rest.Ahead.Length + lost;
        return rest.Session switch
        {
            { Intake: JournalIntake.Skipping(var expected) } session when gone <= expected =>
                new RecoveryVerdict.Continue(Past(session with { Intake = new JournalIntake.Skipping(expected - (int)gone) }), position, 0),
            { Intake: JournalIntake.Upload { Fin: null } upload } session when gone <= upload.Expected =>
                new RecoveryVerdict.Rewind(Past(session with { Intake = upload with { Expected = upload.Expected - (int)gone } }), position, gone),
            _ => Fail(new RecoveryError.InputLost(lost)),
        };

        JournalEntry Past(JournalSession session) => rest with { Taken = rest.Taken + lost, Ahead = default, Session = session };
    }

    /// <summary>Bytes of an answer on the wire; <c>null</c> where it cannot be repeated or is not known yet, or there is no such answer.</summary>
    public static long? LengthOf(JournalAnswer answer) =>
        answer switch
        {
            Answer.File file => LayoutOf(file)?.Length,
            Answer.Textbook(var dialect, var name, var size, _) =>
                TextbookLayout.Create(dialect, name, size).MatchUnsafe<long?>(Right: static layout => layout.Length, Left: static _ => null),
            Answer.Literal(var bytes) => bytes.Length,
            _ => null,
        };

    private static ResponseLayout? LayoutOf(Answer.File file) =>
        ResponseLayout.Create(file.Range, file.Meta).MatchUnsafe<ResponseLayout?>(Right: static layout => layout, Left: static _ => null);

    private static RecoveryVerdict.Fail Fail(RecoveryError error) => new(error);
}
