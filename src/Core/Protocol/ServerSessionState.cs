namespace Trainyard.Core.Protocol;

/// <summary>Where the server's side of a session stands. A value without file data.</summary>
public readonly record struct ServerSessionState
{
    internal enum Phase : byte { Hello, Ready, Answering, Uploading, Committing, Skipping, Ended }

    /// <summary>Begins a session.</summary>
    /// <param name="policy">What the server offers.</param>
    /// <param name="now">When the connection began.</param>
    public ServerSessionState(ServerPolicy policy, DateTimeOffset now)
    {
        Policy = policy;
        Since = now;
    }

    /// <summary>What the server offers.</summary>
    public ServerPolicy Policy { get; }

    /// <summary>What answers the client's hello; <c>null</c> before it has come.</summary>
    public Message.ServerHello? Greeting { get; internal init; }

    /// <summary>What the client is willing to receive; before its hello, what may be sent anyway.</summary>
    public SessionLimits Peer { get; internal init; } = new(1, SessionLimits.LeastControl, 1);

    /// <summary>The session's hash algorithm, from the hello on.</summary>
    public HashAlgorithm Algorithm => Greeting?.Algorithm ?? HashAlgorithm.Xxh128;

    /// <summary>The request that is being answered; <c>null</c> between requests.</summary>
    public Message? Request { get; internal init; }

    /// <summary>The end of the upload, once it has come.</summary>
    public Message.Fin? Fin { get; internal init; }

    /// <summary>File bytes of the upload that have come.</summary>
    public long Received { get; internal init; }

    /// <summary>
    /// File bytes that come next without a header in between; 0 where a header comes next. They may be moved past
    /// <see cref="ServerSession.Read"/> (splice(2)) and reported to <see cref="ServerSession.Received"/>.
    /// </summary>
    public int ExpectedData { get; internal init; }

    /// <summary>Why the session ended; <c>null</c> while it has not, and where the client just left.</summary>
    public SessionError? Error { get; internal init; }

    /// <summary>Whether the session is over. Nothing changes any more.</summary>
    public bool IsEnded => At == Phase.Ended;

    /// <summary>Whether the next request is waited for and nothing of it has come, so that the connection could be laid aside.</summary>
    public bool IsIdle => At == Phase.Ready && !HasBegun;

    /// <summary>Whether nothing is to be done before the next byte comes; the caller knows whether the first ones of an item have.</summary>
    public bool IsWaiting => At is Phase.Hello || IsIdle;

    /// <summary>Whether bytes of an upload are expected.</summary>
    public bool IsUploading => At is Phase.Uploading or Phase.Skipping;

    /// <summary>What is waited for.</summary>
    public SessionTimer Timer =>
        At switch
        {
            Phase.Hello => SessionTimer.Hello,
            Phase.Ready => HasBegun ? SessionTimer.Request : SessionTimer.Idle,
            _ => SessionTimer.Progress,
        };

    /// <summary>When the wait is over; <c>null</c> is never.</summary>
    public DateTimeOffset? Deadline => !IsEnded && Patience is { } limit ? Machine.Deadline.After(Since, limit) : null;

    internal Phase At { get; init; }

    /// <summary>File bytes that are still to come; <c>null</c> where the size is not known.</summary>
    internal long? Left { get; init; }

    /// <summary>Whether the first bytes of a request have come.</summary>
    internal bool HasBegun { get; init; }

    /// <summary>From when on the present wait is counted.</summary>
    internal DateTimeOffset Since { get; init; }

    internal TimeSpan? Patience =>
        Timer switch
        {
            SessionTimer.Hello => Policy.Timeouts.Hello,
            SessionTimer.Request => Policy.Timeouts.Request,
            SessionTimer.Idle => Policy.Timeouts.Idle,
            _ => Policy.Timeouts.Progress,
        };

    internal ServerSessionState End(SessionError? error = null) => this with { At = Phase.Ended, Error = error, Request = null, ExpectedData = 0 };

    internal ServerSessionState Enter(Phase phase, DateTimeOffset now) => this with { At = phase, Since = now, HasBegun = false };
}
