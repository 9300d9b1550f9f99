using LanguageExt;

namespace Trainyard.Core.Protocol;

/// <summary>Where the client's side of a session stands. A value without file data.</summary>
public sealed record ClientSessionState
{
    internal enum Phase { Hello, Open, Ended }

    internal enum UploadStage { None, Asked, Sending }

    /// <summary>Begins a session.</summary>
    /// <param name="limits">What the client is willing to receive, as its hello says.</param>
    public ClientSessionState(SessionLimits limits) => Limits = limits;

    /// <summary>What the client is willing to receive.</summary>
    public SessionLimits Limits { get; }

    /// <summary>The server's hello; <c>null</c> before it has come.</summary>
    public Message.ServerHello? Hello { get; internal init; }

    /// <summary>Requests that were sent and not answered, the oldest first.</summary>
    public Que<Message> Outstanding { get; internal init; } = Que<Message>.Empty;

    /// <summary>How many those are.</summary>
    public int OutstandingCount { get; internal init; }

    /// <summary>Whether another request may be sent now.</summary>
    public bool MayAsk => At == Phase.Open && !IsUploading && OutstandingCount < Hello!.Limits.Pipelined;

    /// <summary>
    /// Whether the request sent last is an upload whose end has neither been sent (<see cref="ClientSession.UploadEnded"/>) nor become needless by a
    /// refusal. Nothing may be asked until then.
    /// </summary>
    public bool IsUploading => Upload != UploadStage.None;

    /// <summary>
    /// Whether bytes of that upload, and its end, may be sent: GO has come, or it is eager. Also true after it was refused, when only an end is
    /// owed: ERROR is the shortest.
    /// </summary>
    public bool MaySend => At == Phase.Open && Upload == UploadStage.Sending;

    /// <summary>
    /// File bytes that come next without a header in between; 0 where a header comes next. They may be moved past
    /// <see cref="ClientSession.Read"/> (splice(2), a receive to where they belong) and reported to <see cref="ClientSession.Moved"/>.
    /// </summary>
    public long ExpectedData => Response.ExpectedData;

    /// <summary>Why the session ended; <c>null</c> while it has not, and where the server left in order.</summary>
    public SessionError? Error { get; internal init; }

    /// <summary>Whether the session is over. Nothing changes any more.</summary>
    public bool IsEnded => At == Phase.Ended;

    internal Phase At { get; init; }

    internal UploadStage Upload { get; init; }

    /// <summary>The answer to a GET that is being received.</summary>
    internal ResponseState Response { get; init; }

    /// <summary>Whether <see cref="Response"/> belongs to the oldest request.</summary>
    internal bool IsReceiving { get; init; }

    /// <summary>Entries of a list that have come, or 1 for the GO of an upload.</summary>
    internal long Parts { get; init; }

    internal ClientSessionState End(SessionError? error = null) => this with { At = Phase.Ended, Error = error, Response = default, IsReceiving = false };
}
