namespace Trainyard.Core.Textbook;

/// <summary>Where the sending of one file stands.</summary>
public abstract record SenderState
{
    private SenderState() { }

    /// <summary>The file is being opened; nothing has left.</summary>
    public sealed record Opening(Dialect Dialect, FileName Name) : SenderState;

    /// <summary>Prologue and file bytes are leaving.</summary>
    /// <param name="Layout">The response.</param>
    /// <param name="Position">Bytes of it that have left, <c>0 ..&lt; Layout.EndTrainAt</c>.</param>
    public sealed record Sending(TextbookLayout Layout, long Position) : SenderState;

    /// <summary>All but the zero train has left, and the file is being compared with what it was when it was opened.</summary>
    public sealed record Verifying(TextbookLayout Layout) : SenderState;

    /// <summary>The file was whole, and the zero train is leaving.</summary>
    /// <param name="Layout">The response.</param>
    /// <param name="Position">Bytes of it that have left, <c>Layout.EndTrainAt ..&lt; Layout.Length</c>.</param>
    public sealed record Closing(TextbookLayout Layout, long Position) : SenderState;

    /// <summary>It has ended. Nothing changes any more.</summary>
    public sealed record Ended(SenderOutcome Outcome) : SenderState;
}
