using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public sealed class SignalEventsTests : IDisposable
{
    private readonly ProcessDescriptor _self = Libc.OpenProcess(Environment.ProcessId).OrThrow("pidfd_open");

    // Not SIGINT and SIGQUIT: the test runner takes them for its own cancelling.
    [Theory]
    [InlineData(Signal.User1)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.HangUp)]
    [InlineData(Signal.User2)]
    [InlineData(Signal.TerminalInput)]
    [InlineData((Signal)40)]
    internal void A_signal_becomes_readable_and_is_taken_once(Signal signal)
    {
        using var events = new SignalEvents(Signal.Interrupt, signal);
        Assert.Empty(events.Take());
        Send(events, signal);
        Assert.Equal([signal], events.Take());
        Assert.Empty(events.Take());
        Assert.Equal(PollEvents.None, Libc.Poll(events.Ready, PollEvents.Readable, 0));
    }

    [Fact]
    public void A_second_of_the_same_is_a_second_one()
    {
        using var events = new SignalEvents(Signal.Terminate, Signal.User1);
        Send(events, Signal.Terminate);
        Assert.Equal([Signal.Terminate], events.Take());
        Send(events, Signal.Terminate);
        Assert.Equal([Signal.Terminate], events.Take());
    }

    [Fact]
    public void Untaken_signals_wait_in_their_order()
    {
        using var events = new SignalEvents(Signal.Terminate, Signal.User1);
        foreach (var signal in (Signal[])[Signal.Terminate, Signal.User1, Signal.Terminate])
        {
            Send(events, signal);
            // Away from the counter, so that the next send waits for its own signal.
            Libc.DrainEvent(events.Ready);
        }
        Assert.Equal([Signal.Terminate, Signal.User1, Signal.Terminate], events.Take());
    }

    [Fact]
    public void A_signal_reaches_a_wait_for_readiness()
    {
        using var events = new SignalEvents(Signal.User1);
        using var poll = PollHandle.Create();
        poll.Add(events.Ready, PollEvents.Readable, 42);
        Libc.SendSignal(_self, Signal.User1);
        var ready = new Readiness[1];
        Assert.Equal(1, poll.Wait(ready, 60_000));
        Assert.Equal(new(42, PollEvents.Readable), ready[0]);
        Assert.Equal([Signal.User1], events.Take());
    }

    [Fact]
    public void Nothing_stays_open() => DescriptorLeak.Check(() => new SignalEvents(Signal.User1, Signal.Terminate).Dispose());

    [Fact]
    public void What_nobody_can_catch_is_refused() => DescriptorLeak.Check(() =>
        Assert.ThrowsAny<Exception>(() => new SignalEvents(Signal.User1, Signal.Kill)));

    public void Dispose() => _self.Dispose();

    private void Send(SignalEvents events, Signal signal)
    {
        Assert.Equal(Errno.None, Libc.SendSignal(_self, signal));
        Assert.Equal(PollEvents.Readable, Libc.Poll(events.Ready, PollEvents.Readable, 60_000));
    }
}
