using System.Reflection;
using Trainyard.Core.Control;
using Trainyard.Core.Framing;
using Trainyard.Core.Machine;
using Trainyard.Core.Receiving;
using Trainyard.Core.Textbook;
using Xunit;

namespace Trainyard.Properties.Architecture;

public class UnionsAreClosedAndHandled
{
    [Fact]
    public void Every_union_of_Core_has_a_private_constructor_and_sealed_cases()
    {
        Assert.NotEmpty(UnionCases.Unions);
        foreach (var union in UnionCases.Unions)
        {
            Assert.All(
                union.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Where(constructor => constructor.GetParameters().Length == 0),
                constructor => Assert.True(constructor.IsPrivate, $"{union} can be derived from outside"));
            Assert.NotEmpty(UnionCases.Of(union));
            Assert.All(UnionCases.Of(union), static type => Assert.True(type.IsSealed, $"{type} is not sealed"));
        }
    }

    [Fact]
    public void The_sender_takes_every_event_in_every_state()
    {
        foreach (var state in UnionCases.Values<SenderState>())
        {
            foreach (var ev in UnionCases.Values<SenderEvent>())
            {
                var step = SenderMachine.Step(state, ev);
                CheckStep(state, step.State, step.Commands, state is SenderState.Ended, step.State is SenderState.Ended);
                if (step.State is SenderState.Ended ended && state is not SenderState.Ended)
                    Assert.Contains(step.Commands[0], new SenderCommand[] { new SenderCommand.Finish(ended.Outcome), new SenderCommand.Abort(ended.Outcome) });
            }
        }
    }

    [Fact]
    public void The_sender_uses_every_event_somewhere() =>
        Assert.All(
            UnionCases.Of(typeof(SenderEvent)),
            static type => Assert.Contains(
                UnionCases.Values<SenderState>(),
                state => UnionCases.Values<SenderEvent>().Any(ev => ev.GetType() == type && SenderMachine.Step(state, ev).Commands.Count > 0)));

    [Fact]
    public void The_echo_takes_every_event_in_every_state()
    {
        foreach (var state in UnionCases.Values<EchoState>())
        {
            foreach (var ev in UnionCases.Values<EchoEvent>())
            {
                var step = EchoMachine.Step(state, ev);
                CheckStep(state, step.State, step.Commands, state is EchoState.Ended, step.State is EchoState.Ended);
            }
        }
    }

    [Fact]
    public void The_echo_uses_every_event_somewhere() =>
        Assert.All(
            UnionCases.Of(typeof(EchoEvent)),
            static type => Assert.Contains(
                UnionCases.Values<EchoState>(),
                state => UnionCases.Values<EchoEvent>().Any(ev => ev.GetType() == type && EchoMachine.Step(state, ev).Commands.Count > 0)));

    [Fact]
    public void The_echo_receiver_takes_and_uses_every_event() =>
        Assert.All(
            UnionCases.Of(typeof(EchoReceiverEvent)),
            static type => Assert.Contains(
                UnionCases.Values<EchoReceiverEvent>(),
                ev => ev.GetType() == type && EchoReceiver.Step(default, ev) != default));

    [Fact]
    public void Every_end_and_error_has_a_sentence_of_its_own()
    {
        Sentences<SenderOutcome>(TextbookErrorText.Sentence);
        Sentences<ReceiverError>(TextbookErrorText.Sentence);
        Sentences<FileNameError>(TextbookErrorText.Sentence);
        Sentences<FramingError>(TextbookErrorText.Sentence);
        Sentences<ControlError>(ControlErrorText.Sentence);
        Sentences<LayoutError>(TextbookErrorText.Sentence);
        Sentences<EchoOutcome>(TextbookErrorText.Sentence);
        Sentences<EchoReceiverOutcome>(TextbookErrorText.Sentence);
    }

    [Fact]
    public void A_sentence_about_a_file_shows_its_name_escaped()
    {
        var name = FileName.Create("a\u202eb"u8).IfLeft(static () => null!);
        Assert.Equal(@"a\u{202e}b: The file was changed while it was sent.", TextbookErrorText.Sentence(name, new SenderOutcome.Changed()));
        Assert.Equal(
            @"a\u{202e}b: The stream ended in the file's bytes: 3 of 5 bytes came.",
            TextbookErrorText.Sentence(name, new ReceiverError.Truncated(ReceiverItem.FileData, 3, 5)));
    }

    [Fact]
    public void Only_the_ends_of_an_exact_receive_are_ends() =>
        Assert.Equal(
            ["Complete", "Failed", "Miscounted", "Truncated"],
            UnionCases.Values<ReceiveVerdict>().Where(static verdict => verdict.IsEnd).Select(static verdict => verdict.GetType().Name).Distinct().Order());

    /// <summary>One command leads on or ends; none means that nothing has changed; nothing follows the end.</summary>
    private static void CheckStep<TState, TCommand>(TState before, TState after, Commands<TCommand> commands, bool wasEnded, bool isEnded)
        where TState : class
    {
        Assert.InRange(commands.Count, wasEnded ? 0 : isEnded ? 1 : 0, wasEnded ? 0 : 1);
        if (commands.Count == 0)
            Assert.Equal(before, after);
    }

    private static void Sentences<T>(Func<T, string> sentence)
        where T : class
    {
        foreach (var value in UnionCases.Values<T>())
        {
            var text = sentence(value);
            Assert.NotEqual(value.ToString(), text);
            Assert.EndsWith(".", text, StringComparison.Ordinal);
            Assert.DoesNotContain("{", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, static c => char.IsControl(c));
        }
    }
}
