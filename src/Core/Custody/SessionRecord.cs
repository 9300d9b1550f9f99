using Trainyard.Core.Protocol;
using Phase = Trainyard.Core.Protocol.ServerSessionState.Phase;

namespace Trainyard.Core.Custody;

/// <summary>From a server's session to what the journal keeps of it, and back. Pure.</summary>
public static class SessionRecord
{
    private static readonly JournalIntake Requests = new JournalIntake.Requests();

    /// <summary>The session as the journal keeps it.</summary>
    /// <param name="state">The session. A request in it whose answer is not in the entry is not accounted for either, and left out here.</param>
    /// <param name="upload">The upload that has been accepted; of no matter where there is none.</param>
    /// <param name="nextToken">As in <see cref="JournalSession"/>.</param>
    /// <returns><c>null</c> before the client's hello.</returns>
    public static JournalSession? Of(in ServerSessionState state, in JournalledUpload upload, Opaque nextToken = default) =>
        state.Greeting is null ? null : new(state.Peer, state.Algorithm, IntakeOf(state, upload), nextToken);

    /// <summary>Whether the journal keeps nothing of a session but what it agreed on in its hellos, so that each record of it is the same.</summary>
    public static bool IsBetween(in ServerSessionState state) => state.Greeting is not null && IntakeOf(state, default) is JournalIntake.Requests;

    /// <summary>The session as its next worker has it: its waits begin anew.</summary>
    /// <param name="session">What the journal says; <c>null</c> before the client's hello.</param>
    /// <param name="policy">What the server offers.</param>
    /// <param name="now">The time.</param>
    public static ServerSessionState Restore(JournalSession? session, ServerPolicy policy, DateTimeOffset now)
    {
        var begun = new ServerSessionState(policy, now);
        if (session is not var (peer, algorithm, intake, _))
            return begun;
        begun = begun with
        {
            Greeting = new(MessageCodec.Version, policy.Limits, algorithm, policy.Session),
            Peer = peer,
        };
        return intake switch
        {
            JournalIntake.Upload upload => begun.Enter(upload.Fin is null ? Phase.Uploading : Phase.Committing, now) with
            {
                Request = upload.Request,
                Received = upload.Received,
                ExpectedData = upload.Expected,
                Left = upload.Request.Size - upload.Offset - upload.Received,
                Fin = upload.Fin,
            },
            JournalIntake.Skipping(var expected) => begun.Enter(Phase.Skipping, now) with { ExpectedData = expected },
            _ => begun.Enter(Phase.Ready, now),
        };
    }

    private static JournalIntake IntakeOf(in ServerSessionState state, in JournalledUpload upload) =>
        state switch
        {
            { At: Phase.Uploading or Phase.Committing, Request: Message.Put put } when state.At == Phase.Uploading || state.Fin is not null =>
                new JournalIntake.Upload(
                    put, upload.Token, upload.Stored, upload.Offset, state.Received, state.ExpectedData, state.Fin, upload.Stream, upload.Whole),
            { At: Phase.Skipping } => new JournalIntake.Skipping(state.ExpectedData),
            _ => Requests,
        };
}
