using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>Which of the kernel's signals a master understands, and as what.</summary>
internal static class MasterSignals
{
    private static readonly Dictionary<Signal, MasterSignal> Understood = new()
    {
        [Signal.HangUp] = MasterSignal.HangUp,
        [Signal.Interrupt] = MasterSignal.Interrupt,
        [Signal.Quit] = MasterSignal.Quit,
        [Signal.User1] = MasterSignal.User1,
        [Signal.User2] = MasterSignal.User2,
        [Signal.Terminate] = MasterSignal.Terminate,
        [Signal.TerminalInput] = MasterSignal.TerminalInput,
        [Signal.TerminalOutput] = MasterSignal.TerminalOutput,
    };

    /// <summary>Begins to take all of them.</summary>
    public static SignalEvents Register() => new([.. Understood.Keys]);

    /// <summary>The event that a signal stands for.</summary>
    public static PoolEvent? EventOf(Signal arrived, int nth, TimeSpan? patience, DateTimeOffset now) =>
        Understood.TryGetValue(arrived, out var signal) ? SignalTable.EventOf(signal, nth, patience, now) : null;
}
