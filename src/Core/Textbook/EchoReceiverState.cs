namespace Trainyard.Core.Textbook;

/// <summary>What a client has sent to an echo server and got back.</summary>
/// <remarks><c>default</c> is the beginning.</remarks>
public readonly record struct EchoReceiverState
{
    /// <summary>Bytes sent.</summary>
    public long Sent { get; internal init; }

    /// <summary>Bytes that came back, <c>0 ..= Sent</c>.</summary>
    public long Returned { get; internal init; }

    /// <summary>Whether the client has closed its sending side.</summary>
    public bool SendingClosed { get; internal init; }

    /// <summary>How it ended; <c>null</c> while it has not. Nothing changes afterwards.</summary>
    public EchoReceiverOutcome? Outcome { get; internal init; }
}
