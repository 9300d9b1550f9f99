using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Xunit;

namespace Trainyard.Properties.Custody;

/// <summary>Workers that broke the rules, or died where nobody can go on.</summary>
public class RecoveryTests
{
    private static readonly JournalAnswer Three = new JournalAnswer.Literal(new([1, 2, 3]));

    private static readonly JournalAnswer Change = new JournalAnswer.Unrepeatable(JournalObstacle.Answer);

    private static readonly JournalAnswer.Commit Commit = new(Arbitraries.Messages.PathOf("a"u8), new("i"u8), 3, HashAlgorithm.Md5, default, OwesGo: true);

    private static readonly Message.Meta Meta = new(10, 0, 0, new("i"u8), 4, HashAlgorithm.Md5);

    [Fact]
    public void Every_fault_has_its_case()
    {
        Assert.Equal(new RecoveryError.Unsent(7, 6), Error(Entry(7, Three), 6));
        Assert.Equal(new RecoveryError.Unjournalled(1), Error(Entry(7, Three, Three), 14));
        Assert.Equal(new RecoveryError.InputLost(2), Error(Entry(7, Three), 8, taken: 102));
        Assert.Equal(new RecoveryError.Unrepeatable(JournalObstacle.Answer), Error(Entry(7, Three, Change), 11));
        Assert.Equal(new RecoveryError.Unrepeatable(JournalObstacle.Encryption), Error(Entry(7, new JournalAnswer.Unrepeatable(JournalObstacle.Encryption)), 7));
        Assert.Equal(new RecoveryError.Impossible(), Error(Entry(7, File(new(11, null))), 7));
        Assert.Equal(new RecoveryError.Unjournalled(long.MaxValue), Error(JournalEntry.Fresh, long.MaxValue));
        Assert.Equal(new RecoveryError.Unsent(long.MaxValue, 0), Error(Entry(long.MaxValue, Three), 0));
        Assert.Equal(new RecoveryError.Unsent(0, -1), Error(JournalEntry.Fresh, -1));
    }

    [Fact]
    public void A_complete_answer_leaves_and_an_idle_session_owes_nothing()
    {
        Assert.Equal(new RecoveryVerdict.Continue(Entry(10, Three), 0, 0), Recovery.Judge(Entry(7, Three, Three), new(10, 100)));
        Assert.Equal(new RecoveryVerdict.Continue(Entry(13), 0, 0), Recovery.Judge(Entry(7, Three, Three), new(13, 100)));
        Assert.Equal(new RecoveryVerdict.Continue(Entry(10, Three), 2, 5), Recovery.Judge(Entry(7, Three, Three), new(12, 95)));
        Assert.Equal(new RecoveryVerdict.Continue(Entry(10, Change), 0, 0), Recovery.Judge(Entry(7, Three, Change), new(10, 100)));
        Assert.Equal(new RecoveryVerdict.Continue(JournalEntry.Fresh, 0, 0), Recovery.Judge(JournalEntry.Fresh, new(0, 0)));
    }

    [Fact]
    public void What_has_landed_is_not_lost()
    {
        var entry = Entry(7, Three) with { Landing = 90 };
        Assert.Equal(new RecoveryVerdict.Continue(entry, 0, 1), Recovery.Judge(entry, new(7, 99)));
        Assert.Equal(new RecoveryVerdict.Continue(entry, 0, 0), Recovery.Judge(entry, new(7, 100)));
        Assert.Equal(new RecoveryVerdict.Continue(entry, 0, 0, 2), Recovery.Judge(entry, new(7, 102)));
        Assert.Equal(new RecoveryVerdict.Continue(entry, 0, 0, JournalSlot.LandingLength - 10), Recovery.Judge(entry, new(7, 90 + JournalSlot.LandingLength)));
        // More than there is room for never landed there.
        Assert.Equal(new RecoveryError.InputLost(JournalSlot.LandingLength - 9), Error(entry, 7, taken: 91 + JournalSlot.LandingLength));
    }

    [Fact]
    public void What_is_lost_of_a_refused_upload_is_not_missed()
    {
        var session = new JournalSession(SessionLimits.Default, HashAlgorithm.Md5, new JournalIntake.Skipping(5));
        var entry = Entry(7) with { Session = session, Ahead = new([1, 2]) };
        var after = entry with { Session = session with { Intake = new JournalIntake.Skipping(0) }, Ahead = default, Taken = 103 };
        Assert.Equal(new RecoveryVerdict.Continue(after, 0, 0), Recovery.Judge(entry, new(7, 103)));
        Assert.Equal(new RecoveryError.InputLost(4), Error(entry, 7, taken: 104));
    }

    [Fact]
    public void An_upload_is_sent_again_only_where_the_train_is_known_in_which_bytes_were_lost()
    {
        var upload = new JournalIntake.Upload(
            new(Arbitraries.Messages.PathOf("a"u8), null, null, null, default, default, NoClobber: false, null, Eager: false), default, default, 50, 10, 5, null);
        var entry = Entry(7) with { Session = new(SessionLimits.Default, HashAlgorithm.Md5, upload), Ahead = new([1, 2]) };
        var after = Entry(7) with { Taken = 103, Session = entry.Session with { Intake = upload with { Expected = 0 } } };
        Assert.Equal(new RecoveryVerdict.Rewind(after, 0, 5), Recovery.Judge(entry, new(7, 103)));
        Assert.Equal(new RecoveryVerdict.Continue(entry, 0, 1), Recovery.Judge(entry, new(7, 99)));
        Assert.Equal(new RecoveryError.InputLost(4), Error(entry, 7, taken: 104));
        var committing = entry with { Session = entry.Session with { Intake = upload with { Fin = new(10, default) } } };
        Assert.Equal(new RecoveryError.InputLost(1), Error(committing, 7, taken: 101));
    }

    [Fact]
    public void Another_file_is_never_stitched_to_the_first()
    {
        var (file, layout) = (File(default), ResponseLayout.Create(default, Meta).IfLeft(static () => throw new InvalidOperationException()));
        for (var position = 0L; position <= layout.Length; position++)
        {
            var isBoundary = position < layout.Length && layout.BoundaryFrom(position) == position;
            Assert.Equal(AnswerVerdict.GoOn, Recovery.Judge(file, position, Meta.Identity));
            Assert.Equal(isBoundary ? AnswerVerdict.SayError : AnswerVerdict.Break, Recovery.Judge(file, position, default));
            Assert.Equal(isBoundary ? AnswerVerdict.SayError : AnswerVerdict.Break, Recovery.Judge(file, position, new("j"u8)));
        }
        Assert.Equal(AnswerVerdict.Break, Recovery.Judge(file, -1, default));
        Assert.Equal(AnswerVerdict.Break, Recovery.Judge(new JournalAnswer.Unrepeatable(JournalObstacle.Size), 0, default));
        Assert.Equal(AnswerVerdict.GoOn, Recovery.Judge(Three, 1, default));
    }

    [Fact]
    public void A_commit_is_judged_by_the_file_under_its_name_and_nothing_of_it_has_left()
    {
        Assert.Equal(new RecoveryVerdict.Continue(Entry(10, Commit, Three, Commit), 0, 0), Recovery.Judge(Entry(7, Three, Commit, Three, Commit), new(10, 100)));
        Assert.Equal(new RecoveryVerdict.Continue(Entry(7, Three, Commit), 2, 0), Recovery.Judge(Entry(7, Three, Commit), new(9, 100)));
        Assert.Equal(new RecoveryError.Unjournalled(1), Error(Entry(7, Three, Commit, Three), 11));
        Assert.Equal(AnswerVerdict.SayCommitted, Recovery.Judge(Commit, 0, new("i"u8)));
        Assert.Equal(AnswerVerdict.SayError, Recovery.Judge(Commit, 0, new("j"u8)));
        Assert.Equal(AnswerVerdict.SayError, Recovery.Judge(Commit, 0, default));
        Assert.Equal(AnswerVerdict.SayError, Recovery.Judge(Commit with { Stored = default }, 0, default));
        Assert.Equal(AnswerVerdict.Break, Recovery.Judge(Commit, 1, new("i"u8)));
        Assert.True(Recovery.IsBetweenTrains(Entry(7, Commit), new(7, 100)));
    }

    [Fact]
    public void An_upload_goes_on_with_its_own_file_and_is_never_said_to_be_stored_before_its_end()
    {
        var upload = new JournalIntake.Upload(
            new(Arbitraries.Messages.PathOf("a"u8), 10, null, null, default, default, NoClobber: false, null, Eager: true), default, default, 0, 10, 0, null);
        var committing = upload with { Fin = new(10, default) };
        foreach (var found in Enum.GetValues<UploadFound>())
        {
            Assert.Equal(found == UploadFound.Partial ? UploadVerdict.GoOn : UploadVerdict.SayError, Recovery.Judge(upload, found));
            Assert.Equal(
                found switch { UploadFound.Partial => UploadVerdict.GoOn, UploadFound.Named => UploadVerdict.SayCommitted, _ => UploadVerdict.SayError },
                Recovery.Judge(committing, found));
        }
    }

    private static JournalAnswer.File File(FileRange range) => new(Arbitraries.Messages.PathOf("a"u8), range, Meta);

    private static JournalEntry Entry(long written, params JournalAnswer[] answers) => new(written, 100, null, new Arr<JournalAnswer>(answers), default);

    private static RecoveryError Error(JournalEntry entry, long queued, long taken = 0) =>
        Assert.IsType<RecoveryVerdict.Fail>(Recovery.Judge(entry, new(queued, taken))).Error;
}
