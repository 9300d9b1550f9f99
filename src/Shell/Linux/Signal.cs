namespace Trainyard.Shell.Linux;

/// <summary>Signals by number (signal(7)). Same on x86-64 and arm64; other numbers up to 64 are legal values too.</summary>
public enum Signal
{
    /// <summary>None: asks only whether a process is there.</summary>
    None = 0,

    /// <summary>SIGHUP: the terminal has gone; to a server, reload.</summary>
    HangUp = 1,

    /// <summary>SIGINT: Ctrl-C.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: Ctrl-\.</summary>
    Quit = 3,

    /// <summary>SIGABRT.</summary>
    Abort = 6,

    /// <summary>SIGKILL: ends a process unconditionally.</summary>
    Kill = 9,

    /// <summary>SIGUSR1.</summary>
    User1 = 10,

    /// <summary>SIGSEGV.</summary>
    SegmentationFault = 11,

    /// <summary>SIGUSR2.</summary>
    User2 = 12,

    /// <summary>SIGPIPE.</summary>
    Pipe = 13,

    /// <summary>SIGTERM: the polite request to end.</summary>
    Terminate = 15,

    /// <summary>SIGCHLD: a child has ended.</summary>
    Child = 17,

    /// <summary>SIGCONT: goes on after a stop.</summary>
    Continue = 18,

    /// <summary>SIGSTOP: stops a process unconditionally.</summary>
    Stop = 19,

    /// <summary>SIGTTIN.</summary>
    TerminalInput = 21,

    /// <summary>SIGTTOU.</summary>
    TerminalOutput = 22,
}
