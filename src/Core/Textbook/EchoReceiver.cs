using static Trainyard.Core.Textbook.EchoReceiverEvent;

namespace Trainyard.Core.Textbook;

/// <summary>The rules of the client's side of an echo: what came back is judged by count and by digest.</summary>
/// <remarks>
/// <para>1. Bytes count as sent before they can come back: the interpreter reports a send before it receives again.</para>
/// <para>2. Only the server's end of stream, after the client's own, with as many bytes back as sent and equal digests, is success.</para>
/// <para>3. An event that does not fit changes nothing; nothing follows the end.</para>
/// </remarks>
public static class EchoReceiver
{
    /// <summary>What is known after <paramref name="ev"/>.</summary>
    public static EchoReceiverState Step(EchoReceiverState state, EchoReceiverEvent ev)
    {
        if (state.Outcome is not null)
            return state;
        return ev switch
        {
            Sent e when state.SendingClosed => End(state, new EchoReceiverOutcome.Broken(e.Bytes)),
            Sent e when Adds(state.Sent, e.Bytes) => state with { Sent = state.Sent + e.Bytes },
            Sent e => End(state, new EchoReceiverOutcome.Broken(e.Bytes)),
            SendingClosed => state with { SendingClosed = true },
            Returned e when Adds(state.Returned, e.Bytes) => Return(state, state.Returned + e.Bytes),
            Returned e => End(state, new EchoReceiverOutcome.Broken(e.Bytes)),
            EndOfStream e => End(state, AtEndOfStream(state, e.DigestsAgree)),
            ConnectionLost e => End(state, new EchoReceiverOutcome.ConnectionLost(e.Errno)),
            Stalled e => End(state, new EchoReceiverOutcome.Stalled(e.For)),
            _ => state,
        };
    }

    private static bool Adds(long total, long count) => count >= 1 && count <= long.MaxValue - total;

    private static EchoReceiverState Return(EchoReceiverState state, long returned) =>
        returned <= state.Sent
            ? state with { Returned = returned }
            : End(state, new EchoReceiverOutcome.Excess(state.Sent, returned));

    private static EchoReceiverOutcome AtEndOfStream(EchoReceiverState state, bool digestsAgree) =>
        state.Returned < state.Sent ? new EchoReceiverOutcome.Truncated(state.Sent, state.Returned)
        : !state.SendingClosed ? new EchoReceiverOutcome.EndedEarly(state.Sent)
        : digestsAgree ? new EchoReceiverOutcome.Completed(state.Sent)
        : new EchoReceiverOutcome.Altered(state.Sent);

    private static EchoReceiverState End(EchoReceiverState state, EchoReceiverOutcome outcome) => state with { Outcome = outcome };
}
