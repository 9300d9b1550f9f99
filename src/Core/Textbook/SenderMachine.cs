using static Trainyard.Core.Textbook.SenderEvent;
using static Trainyard.Core.Textbook.SenderState;

namespace Trainyard.Core.Textbook;

/// <summary>The rules of sending one file in a textbook dialect. Pure: same state and event, same step.</summary>
/// <remarks>
/// <para>1. The position alone says what comes next: bytes to send, the check of the file, the zero train, the end. So
/// <see cref="Resume"/> continues what another worker began.</para>
/// <para>2. The zero train leaves only after the file was found unchanged: a file that shrank or changed while it was sent is
/// never delivered as whole.</para>
/// <para>3. One command is outstanding at a time. Whatever fails ends the connection so that the peer sees no regular end.</para>
/// <para>4. An event that does not fit the state changes nothing and commands nothing; nothing follows the end.</para>
/// </remarks>
public static class SenderMachine
{
    /// <summary>Begins to send a file.</summary>
    public static SenderStep Start(Dialect dialect, FileName name) =>
        TextbookWire.CarriesFile(dialect)
            ? new(new Opening(dialect, name), [new SenderCommand.OpenFile(name)])
            : Abort(new SenderOutcome.Unsendable(new LayoutError.NoFileDialect(dialect)));

    /// <summary>Continues a response of which another worker has sent a part. The interpreter has opened the same file again.</summary>
    /// <param name="layout">The response.</param>
    /// <param name="position">Bytes of it that have left, <c>0 ..= layout.Length</c>.</param>
    public static SenderStep Resume(TextbookLayout layout, long position)
    {
        if (position < 0 || position > layout.Length)
            return Abort(new SenderOutcome.Broken(position, layout.Length));
        if (position < layout.EndTrainAt)
            return new(new Sending(layout, position), [new SenderCommand.Send(layout, position, layout.EndTrainAt)]);
        return position == layout.EndTrainAt
            ? new(new Verifying(layout), [new SenderCommand.VerifyUnchanged()])
            : Close(layout, position);
    }

    /// <summary>Gives up a response of which another worker has sent a part, and which cannot be continued.</summary>
    /// <param name="outcome">Why.</param>
    public static SenderStep GiveUp(SenderOutcome outcome) => Abort(outcome);

    /// <summary>What follows from <paramref name="ev"/>.</summary>
    public static SenderStep Step(SenderState state, SenderEvent ev) =>
        (state, ev) switch
        {
            (Ended, _) => new(state, []),
            (Opening s, Opened e) => Open(s, e.Size),
            (Opening, OpenFailed e) => Abort(new SenderOutcome.Unavailable(e.Errno)),
            (Sending s, Sent e) => Advance(s.Layout, s.Position, s.Layout.EndTrainAt, e.Bytes),
            (Verifying s, Unchanged) => Close(s.Layout, s.Layout.EndTrainAt),
            (Closing s, Sent e) => Advance(s.Layout, s.Position, s.Layout.Length, e.Bytes),
            (Sending or Verifying, Changed) => Abort(new SenderOutcome.Changed()),
            (Sending or Verifying, Shrunk e) => Abort(new SenderOutcome.Shrank(e.AtOffset)),
            (Sending or Verifying, ReadFailed e) => Abort(new SenderOutcome.ReadFailed(e.Errno)),
            (_, PeerGone e) => Abort(new SenderOutcome.PeerGone(e.Errno, WireBytes(state))),
            (_, Stalled e) => Abort(new SenderOutcome.Stalled(e.For, WireBytes(state))),
            _ => new(state, []),
        };

    private static SenderStep Open(Opening state, long size) =>
        TextbookLayout.Create(state.Dialect, state.Name, size).Match(
            Right: static layout => Resume(layout, 0),
            Left: static error => Abort(new SenderOutcome.Unsendable(error)));

    private static SenderStep Advance(TextbookLayout layout, long position, long to, long count)
    {
        if (count < 1 || count > to - position)
            return Abort(new SenderOutcome.Broken(count, to - position));
        return Resume(layout, position + count);
    }

    private static SenderStep Close(TextbookLayout layout, long position)
    {
        if (position < layout.Length)
            return new(new Closing(layout, position), [new SenderCommand.Send(layout, position, layout.Length)]);
        var outcome = new SenderOutcome.Completed(layout.Size, layout.Length);
        return new(new Ended(outcome), [new SenderCommand.Finish(outcome)]);
    }

    private static SenderStep Abort(SenderOutcome outcome) => new(new Ended(outcome), [new SenderCommand.Abort(outcome)]);

    private static long WireBytes(SenderState state) =>
        state switch
        {
            Sending s => s.Position,
            Verifying s => s.Layout.EndTrainAt,
            Closing s => s.Position,
            _ => 0,
        };
}
