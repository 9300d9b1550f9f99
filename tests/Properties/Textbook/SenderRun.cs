using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Textbook;

/// <summary>Interprets a sender's commands over a list instead of a socket; a fault answers in place of the regular event.</summary>
internal sealed class SenderRun(TextbookFile file, StreamCuts cuts)
{
    internal List<byte> Wire { get; } = [];

    internal SenderOutcome? Finished { get; private set; }

    internal SenderOutcome? Aborted { get; private set; }

    internal int Verifications { get; private set; }

    internal SenderEvent? Fault { get; init; }

    /// <summary>The command from which on the fault answers where it may: when the file is read or verified.</summary>
    internal int FaultAtStep { get; init; } = int.MaxValue;

    internal bool MayFaultAnywhere { get; init; }

    internal void ToTheEnd(SenderStep step)
    {
        for (var count = 0; step.State is not SenderState.Ended; count++)
        {
            var command = Single(step);
            var faulty = MayFaultAnywhere ? count == FaultAtStep : MayFault(command, count);
            step = SenderMachine.Step(step.State, faulty && Fault is not null ? Fault : Carry(command, count));
            if (count > 2 * file.Layout.Length + 10)
                throw new InvalidOperationException("the sender does not end");
        }
        Finished = (Single(step) as SenderCommand.Finish)?.Outcome;
        Aborted = (Single(step) as SenderCommand.Abort)?.Outcome;
    }

    private bool MayFault(SenderCommand command, int count) =>
        command is SenderCommand.VerifyUnchanged || (command is SenderCommand.Send && count >= FaultAtStep);

    private SenderEvent Carry(SenderCommand command, int count)
    {
        switch (command)
        {
            case SenderCommand.OpenFile:
                return new SenderEvent.Opened(file.Content.Length);
            case SenderCommand.Send send:
                var taken = cuts.Next(count, send.To - send.From);
                Wire.AddRange(LayoutReader.Read(send.Layout, file.Content, send.From, send.From + taken));
                return new SenderEvent.Sent(taken);
            case SenderCommand.VerifyUnchanged:
                Verifications++;
                return new SenderEvent.Unchanged();
            default:
                throw new InvalidOperationException($"{command} in a state that is no end");
        }
    }

    private static SenderCommand Single(SenderStep step) =>
        step.Commands.Count == 1 ? step.Commands[0] : throw new InvalidOperationException($"not one command: {step}");
}
