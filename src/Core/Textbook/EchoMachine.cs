using static Trainyard.Core.Textbook.EchoEvent;
using static Trainyard.Core.Textbook.EchoState;

namespace Trainyard.Core.Textbook;

/// <summary>The rules of the server's side of an echo. Pure: same state and event, same step.</summary>
/// <remarks>
/// <para>1. Fill the buffer once, empty it, fill it again: what a client can make the server hold is bounded by the buffer, and a
/// client that does not read is not read from.</para>
/// <para>2. The client closes its sending side to end; whatever it sent before has gone back by then.</para>
/// <para>3. An event that does not fit the state changes nothing and commands nothing; nothing follows the end.</para>
/// </remarks>
public static class EchoMachine
{
    /// <summary>Begins to echo.</summary>
    /// <param name="capacity">Bytes of the buffer, at least 1.</param>
    public static EchoStep Start(int capacity) =>
        capacity >= 1 ? Fill(capacity, returned: 0) : Abort(new EchoOutcome.Broken(capacity, int.MaxValue));

    /// <summary>What follows from <paramref name="ev"/>.</summary>
    public static EchoStep Step(EchoState state, EchoEvent ev) =>
        (state, ev) switch
        {
            (Ended, _) => new(state, []),
            (Filling s, Received e) when Fits(e.Bytes, s.Capacity) => Empty(s.Capacity, s.Returned, e.Bytes),
            (Filling s, Received e) => Abort(new EchoOutcome.Broken(e.Bytes, s.Capacity)),
            (Filling s, EndOfStream) => Finish(new EchoOutcome.Completed(s.Returned)),
            (Emptying s, Sent e) when Fits(e.Bytes, s.Held) => Empty(s.Capacity, s.Returned + e.Bytes, s.Held - e.Bytes),
            (Emptying s, Sent e) => Abort(new EchoOutcome.Broken(e.Bytes, s.Held)),
            (_, PeerGone e) => Abort(new EchoOutcome.PeerGone(e.Errno, ReturnedBytes(state))),
            (_, Stalled e) => Abort(new EchoOutcome.Stalled(e.For, ReturnedBytes(state))),
            _ => new(state, []),
        };

    private static bool Fits(int count, int limit) => count >= 1 && count <= limit;

    private static EchoStep Fill(int capacity, long returned) =>
        new(new Filling(capacity, returned), [new EchoCommand.Receive(capacity)]);

    private static EchoStep Empty(int capacity, long returned, int held) =>
        held > 0 ? new(new Emptying(capacity, returned, held), [new EchoCommand.Send(held)]) : Fill(capacity, returned);

    private static EchoStep Finish(EchoOutcome outcome) => new(new Ended(outcome), [new EchoCommand.Finish(outcome)]);

    private static EchoStep Abort(EchoOutcome outcome) => new(new Ended(outcome), [new EchoCommand.Abort(outcome)]);

    private static long ReturnedBytes(EchoState state) =>
        state switch
        {
            Filling s => s.Returned,
            Emptying s => s.Returned,
            _ => 0,
        };
}
