namespace Trainyard.Core.Pool;

/// <summary>The signals a master understands, by their names in signal(7).</summary>
public enum MasterSignal
{
    /// <summary>Stop now.</summary>
    Interrupt,

    /// <summary>Drain with patience; a second one stops now.</summary>
    Terminate,

    /// <summary>Drain without a limit.</summary>
    Quit,

    /// <summary>Drain with patience, as the textbook's pool does on SIGUSR1.</summary>
    User1,

    /// <summary>Upgrade.</summary>
    User2,

    /// <summary>Reload.</summary>
    HangUp,

    /// <summary>One worker more.</summary>
    TerminalInput,

    /// <summary>One worker fewer.</summary>
    TerminalOutput,
}
