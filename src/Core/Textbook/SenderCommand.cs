namespace Trainyard.Core.Textbook;

/// <summary>What the sender machine asks its interpreter to do. Each is answered by one event, except the last two.</summary>
public abstract record SenderCommand
{
    private SenderCommand() { }

    /// <summary>Open the file of that name and remember its identity: <see cref="SenderEvent.Opened"/> or <see cref="SenderEvent.OpenFailed"/>.</summary>
    public sealed record OpenFile(FileName Name) : SenderCommand;

    /// <summary>
    /// Send as much of the range as the socket takes: <see cref="SenderEvent.Sent"/>, or <see cref="SenderEvent.Shrunk"/>,
    /// <see cref="SenderEvent.ReadFailed"/>, <see cref="SenderEvent.PeerGone"/>, <see cref="SenderEvent.Stalled"/>.
    /// </summary>
    /// <param name="Layout">The response.</param>
    /// <param name="From">The first byte's position in it.</param>
    /// <param name="To">The position after the last byte; greater than <paramref name="From"/>.</param>
    public sealed record Send(TextbookLayout Layout, long From, long To) : SenderCommand;

    /// <summary>
    /// Compare the open file's identity with that at opening: <see cref="SenderEvent.Unchanged"/>, <see cref="SenderEvent.Changed"/>
    /// or <see cref="SenderEvent.ReadFailed"/>.
    /// </summary>
    public sealed record VerifyUnchanged : SenderCommand;

    /// <summary>Shut the sending side down in order, and report.</summary>
    public sealed record Finish(SenderOutcome Outcome) : SenderCommand;

    /// <summary>End the connection so that the peer sees no regular end, and report.</summary>
    public sealed record Abort(SenderOutcome Outcome) : SenderCommand;
}
