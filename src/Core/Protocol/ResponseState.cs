namespace Trainyard.Core.Protocol;

/// <summary>Where the receiving of the answer to one GET stands. A value without file data.</summary>
public readonly record struct ResponseState
{
    internal enum Phase : byte { Meta, Header, Data, Verify, Finished, Failed }

    /// <summary>Begins to receive the answer.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="algorithm">The session's hash algorithm.</param>
    /// <param name="limits">What we have said we are willing to receive.</param>
    public ResponseState(Message.Get request, HashAlgorithm algorithm, SessionLimits limits)
    {
        Request = request;
        Algorithm = request.Algorithm ?? algorithm;
        Limits = limits;
    }

    /// <summary>What was asked.</summary>
    public Message.Get Request { get; }

    /// <summary>How the digest is computed.</summary>
    public HashAlgorithm Algorithm { get; }

    /// <summary>The file's description, once it has come.</summary>
    public Message.Meta? Meta { get; internal init; }

    /// <summary>File bytes that have come.</summary>
    public long Received { get; internal init; }

    /// <summary>File bytes of the range; 0 before <see cref="Meta"/> has come.</summary>
    public long Expected { get; internal init; }

    /// <summary>
    /// File bytes that come next without a header in between; 0 where a header comes next. They may be moved past
    /// <see cref="ResponseReceiver.Read"/> (splice(2), a receive into a mapping) and reported to <see cref="ResponseReceiver.Moved"/>.
    /// </summary>
    public long ExpectedData { get; internal init; }

    /// <summary>Whether all of the range has come and its digest is the announced one.</summary>
    public bool IsFinished => At == Phase.Finished;

    /// <summary>Why there will be no file; <c>null</c> while there may be.</summary>
    public ResponseError? Error { get; private init; }

    /// <summary>Whether it has ended, well or badly. Nothing changes any more.</summary>
    public bool IsEnded => At is Phase.Finished or Phase.Failed;

    internal SessionLimits Limits { get; }

    internal Phase At { get; init; }

    internal Opaque Digest { get; init; }

    internal ResponseState Fail(ResponseError error) => this with { At = Phase.Failed, Error = error, ExpectedData = 0 };
}
