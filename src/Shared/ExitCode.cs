namespace Trainyard.Cli;

/// <summary>How the programs end. Documented in the operations guide; numbers never change their meaning.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done.</summary>
    Done = 0,

    /// <summary>A fault of the program itself.</summary>
    Fault = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>The server could not be reached.</summary>
    Connect = 3,

    /// <summary>The peer broke the protocol.</summary>
    Protocol = 4,

    /// <summary>The stream ended before the file was whole.</summary>
    Truncated = 5,

    /// <summary>What arrived is not what was sent.</summary>
    Integrity = 6,

    /// <summary>The peer stood still for too long.</summary>
    Timeout = 7,

    /// <summary>A local file or directory could not be used.</summary>
    LocalIO = 8,

    /// <summary>The local disk or quota is full.</summary>
    NoSpace = 9,

    /// <summary>The address to listen on, or the control socket, could not be had.</summary>
    Listen = 10,

    /// <summary>Workers kept failing to start.</summary>
    CrashLoop = 11,

    /// <summary>The server ended and cut transfers that ran.</summary>
    Cut = 12,

    /// <summary>A running server was asked for something and did not do it.</summary>
    NotDone = 13,

    /// <summary>The user or group to run as could not be taken on.</summary>
    Identity = 14,

    /// <summary>The service manager's variables cannot be meant, or it cannot be reached.</summary>
    ServiceManager = 15,

    /// <summary>The server wants a credential, or another one.</summary>
    Auth = 16,

    /// <summary>The server has no room at the moment.</summary>
    Busy = 17,

    /// <summary>There is no such file or directory at the server, or nothing that a pattern matches.</summary>
    NotFound = 18,

    /// <summary>The server does not permit it.</summary>
    Denied = 19,

    /// <summary>The file is another one than was meant.</summary>
    Changed = 20,

    /// <summary>The server could not read, write or work.</summary>
    RemoteIO = 21,

    /// <summary>Of several files or requests some succeeded and others did not.</summary>
    PartialSet = 22,

    /// <summary>The connection broke and could not be made anew; the same command resumes a transfer.</summary>
    Resumable = 23,

    /// <summary>Client and server have no version of the protocol in common, or the server does not know the request.</summary>
    Version = 24,

    /// <summary>Something has that name, and it was not to be replaced; or a directory is not empty.</summary>
    Exists = 25,

    /// <summary>A directory where a file was meant, or the other way round.</summary>
    WrongKind = 26,

    /// <summary>Ctrl-C.</summary>
    Interrupted = 130,
}

/// <summary>The one place that turns failures into exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code of a failed transfer or server.</summary>
    public static ExitCode Of(Shell.TransferFailure reason) =>
        reason switch
        {
            Shell.TransferFailure.Connect => ExitCode.Connect,
            Shell.TransferFailure.Protocol => ExitCode.Protocol,
            Shell.TransferFailure.Truncated => ExitCode.Truncated,
            Shell.TransferFailure.Integrity => ExitCode.Integrity,
            Shell.TransferFailure.Timeout => ExitCode.Timeout,
            Shell.TransferFailure.LocalIO => ExitCode.LocalIO,
            Shell.TransferFailure.NoSpace => ExitCode.NoSpace,
            Shell.TransferFailure.Listen => ExitCode.Listen,
            Shell.TransferFailure.Identity => ExitCode.Identity,
            Shell.TransferFailure.ServiceManager => ExitCode.ServiceManager,
            Shell.TransferFailure.Usage => ExitCode.Usage,
            Shell.TransferFailure.Version => ExitCode.Version,
            Shell.TransferFailure.Auth => ExitCode.Auth,
            Shell.TransferFailure.Busy => ExitCode.Busy,
            Shell.TransferFailure.NotFound => ExitCode.NotFound,
            Shell.TransferFailure.Denied => ExitCode.Denied,
            Shell.TransferFailure.Exists => ExitCode.Exists,
            Shell.TransferFailure.Changed => ExitCode.Changed,
            Shell.TransferFailure.WrongKind => ExitCode.WrongKind,
            Shell.TransferFailure.RemoteIO => ExitCode.RemoteIO,
            Shell.TransferFailure.PartialSet => ExitCode.PartialSet,
            Shell.TransferFailure.Interrupted => ExitCode.Resumable,
            _ => ExitCode.Fault,
        };
}
