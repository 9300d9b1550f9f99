using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Custody;

/// <summary>A session that changes its worker: what the journal keeps of it, and that nobody notices.</summary>
[Properties(Arbitrary = [typeof(JournalEntries), typeof(SessionStreams)])]
public class SessionRecordProperties
{
    private const int MostCuts = 50;

    private static readonly DateTimeOffset Later = DateTimeOffset.UnixEpoch.AddDays(1);

    [Property(MaxTest = 1000)]
    public void What_the_journal_keeps_comes_back_from_the_session_that_is_made_of_it(JournalEntry entry)
    {
        var state = SessionRecord.Restore(entry.Session, SessionRun.Policy, Later);
        var upload = entry.Session?.Intake is JournalIntake.Upload kept
            ? new JournalledUpload(kept.Token, kept.Stored, kept.Offset, kept.Stream, kept.Whole)
            : new(new([9]), new([9]), 9, new([9]), new([9]));
        Assert.Equal(entry.Session, SessionRecord.Of(state, upload, entry.Session?.NextToken ?? default));
        Assert.False(state.IsEnded);
        Assert.Equal(entry.Session is null ? new SessionLimits(1, SessionLimits.LeastControl, 1) : entry.Session.Peer, state.Peer);
        // Its waits begin anew, each with its own limit.
        Assert.Equal(Later + TimeSpan.FromSeconds(
            entry.Session?.Intake switch { null => 10, JournalIntake.Requests => 300, _ => 60 }), state.Deadline);
    }

    [Property(MaxTest = 400)]
    public void A_session_that_is_restored_at_any_accounted_byte_goes_on_as_if_nothing_had_happened(SessionStream stream, NonNegativeInt first)
    {
        var run = SessionRun.Of(stream);
        var every = 1 + (run.Cuts.Count / MostCuts);
        foreach (var cut in run.Cuts.Where((_, i) => (i + first.Get) % every == 0))
        {
            var entry = new JournalEntry(0, cut.Accounted, cut.Session, default, default);
            var slot = new JournalMemory();
            slot.Write(entry, 1, Fuse.Endless);
            Assert.Equal(entry, slot.Newest.Entry);
            var state = SessionRecord.Restore(slot.Newest.Entry.Session, SessionRun.Policy, Later);
            Assert.Equal(run.Steps[cut.Next..], SessionRun.From(stream, state, cut.Accounted).Steps);
        }
    }

    [Fact]
    public void What_is_of_no_matter_to_anybody_else_is_left_out()
    {
        var fresh = SessionRecord.Restore(null, SessionRun.Policy, Later);
        Assert.Equal(new ServerSessionState(SessionRun.Policy, Later), fresh);
        Assert.Null(SessionRecord.Of(fresh, default));
        var session = new JournalSession(SessionLimits.Default, HashAlgorithm.Md5, new JournalIntake.Requests());
        var asked = ServerSession.Read(SessionRecord.Restore(session, SessionRun.Policy, Later), Protocol.Sessions.Wire.Train(new Message.Status()), Later);
        Assert.Equal(ServerAction.Request, asked.Action);
        Assert.Equal(session, SessionRecord.Of(asked.State, default));
        // The rest of a request that has begun is waited for as long as the whole.
        var begun = ServerSession.Read(SessionRecord.Restore(session, SessionRun.Policy, Later), [1, 2], Later);
        Assert.Equal(SessionTimer.Request, begun.State.Timer);
        Assert.Equal(session, SessionRecord.Of(begun.State, default));
    }
}
