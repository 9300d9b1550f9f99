namespace Trainyard.Core.Textbook;

/// <summary>What the echo machine asks its interpreter to do.</summary>
public abstract record EchoCommand
{
    private EchoCommand() { }

    /// <summary>Receive into the start of the buffer: <see cref="EchoEvent.Received"/>, <see cref="EchoEvent.EndOfStream"/>, or a failure.</summary>
    /// <param name="Maximum">Bytes to receive at most; at least 1.</param>
    public sealed record Receive(int Maximum) : EchoCommand;

    /// <summary>Send as much as the socket takes of what the buffer holds and has not sent: <see cref="EchoEvent.Sent"/> or a failure.</summary>
    /// <param name="Count">Bytes left to send; at least 1. They are the last of those received.</param>
    public sealed record Send(int Count) : EchoCommand;

    /// <summary>Shut the sending side down in order, and report.</summary>
    public sealed record Finish(EchoOutcome Outcome) : EchoCommand;

    /// <summary>End the connection so that the peer sees no regular end, and report.</summary>
    public sealed record Abort(EchoOutcome Outcome) : EchoCommand;
}
