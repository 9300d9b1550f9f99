using System.Runtime.InteropServices;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Textbook;

/// <summary>Feeds a stream to a receiver piece by piece, as an interpreter with a buffer does.</summary>
internal sealed class ReceiverRun
{
    private readonly List<byte> _content = [];

    private ReceiverRun(ReceiverState state) => State = state;

    internal ReceiverState State { get; private set; }

    internal List<ReceiverAction> Found { get; } = [];

    internal byte[] Content => [.. _content];

    /// <summary>Feeds all of <paramref name="stream"/>, then its end.</summary>
    /// <param name="dialect">The dialect spoken.</param>
    /// <param name="stream">The bytes.</param>
    /// <param name="cuts">How they arrive.</param>
    /// <param name="move">Whether some file bytes are moved past the machine, as splice does.</param>
    internal static ReceiverRun Feed(Dialect dialect, byte[] stream, StreamCuts cuts, bool move = false)
    {
        var run = new ReceiverRun(ReceiverState.Start(dialect));
        List<byte> buffer = [];
        var piece = 0;
        foreach (var arrived in cuts.Cut(stream))
        {
            buffer.AddRange(arrived.Span);
            run.Drain(buffer, move && piece++ % 2 == 0);
            if (buffer.Count >= ReceiverMachine.SmallestBuffer && !run.State.IsEnded)
                throw new InvalidOperationException($"the stated buffer does not suffice: {buffer.Count} bytes are left");
        }
        run.State = ReceiverMachine.EndOfStream(run.State);
        return run;
    }

    private void Drain(List<byte> buffer, bool move)
    {
        while (!State.IsEnded)
        {
            if (move && State.ExpectedData > 0 && buffer.Count > 0)
                Move(buffer);
            var input = CollectionsMarshal.AsSpan(buffer);
            var step = ReceiverMachine.Read(State, input);
            if (step.Consumed > input.Length || step.Data(input).Length != step.DataLength)
                throw new InvalidOperationException($"more was used than is there: {step}");
            _content.AddRange(step.Data(input));
            Found.Add(step.Action);
            State = step.State;
            buffer.RemoveRange(0, step.Consumed);
            if (step.Action == ReceiverAction.NeedMore)
                return;
        }
    }

    private void Move(List<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Count, (State.ExpectedData + 1) / 2);
        _content.AddRange(buffer.Take(count));
        buffer.RemoveRange(0, count);
        State = ReceiverMachine.Moved(State, count);
    }
}
