namespace Trainyard.Core.Pool;

/// <summary>What each signal means to a pool. Operators find the same table in the operations guide.</summary>
public static class SignalTable
{
    /// <summary>The event that a signal stands for.</summary>
    /// <param name="signal">Which signal arrived.</param>
    /// <param name="nth">How often that signal has arrived by now, counted from 1.</param>
    /// <param name="patience">The drain's patience; <c>null</c> waits without limit.</param>
    /// <param name="now">When it arrived.</param>
    public static PoolEvent EventOf(MasterSignal signal, int nth, TimeSpan? patience, DateTimeOffset now) =>
        signal switch
        {
            MasterSignal.Terminate or MasterSignal.User1 when nth <= 1 => new PoolEvent.Drain(patience, now),
            MasterSignal.Quit when nth <= 1 => new PoolEvent.Drain(null, now),
            MasterSignal.User2 => new PoolEvent.Upgrade(patience, now),
            MasterSignal.HangUp => new PoolEvent.Reload(now),
            MasterSignal.TerminalInput => new PoolEvent.Resize(+1, now),
            MasterSignal.TerminalOutput => new PoolEvent.Resize(-1, now),
            _ => new PoolEvent.StopNow(now),
        };
}
