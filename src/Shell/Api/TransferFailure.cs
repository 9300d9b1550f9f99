namespace Trainyard.Shell;

/// <summary>Why a transfer or a server failed. Each has its own exit status in the programs.</summary>
public enum TransferFailure
{
    /// <summary>The server could not be reached.</summary>
    Connect,

    /// <summary>The peer sent something that the protocol does not allow.</summary>
    Protocol,

    /// <summary>The stream ended before the file was whole.</summary>
    Truncated,

    /// <summary>What came back is not what was sent.</summary>
    Integrity,

    /// <summary>The peer stood still for longer than allowed.</summary>
    Timeout,

    /// <summary>A local file, directory or stream could not be read or written.</summary>
    LocalIO,

    /// <summary>A disk or quota has no room: the local one, unless the message names the server.</summary>
    NoSpace,

    /// <summary>The address to listen on, or the control socket, could not be had.</summary>
    Listen,

    /// <summary>The user or group to run as does not exist, or the process may not become it.</summary>
    Identity,

    /// <summary>What the service manager left in the environment cannot be meant, or it cannot be reached.</summary>
    ServiceManager,

    /// <summary>The request makes no sense to the server: a bad path, a range past the end, a limit exceeded.</summary>
    Usage,

    /// <summary>Client and server have no version of the protocol in common, or the server does not know the request.</summary>
    Version,

    /// <summary>The credential is missing or wrong.</summary>
    Auth,

    /// <summary>The server has no room at the moment. Worth trying again later.</summary>
    Busy,

    /// <summary>There is no such file or directory.</summary>
    NotFound,

    /// <summary>Permission denied by the server, which may be read-only or never serve what was named.</summary>
    Denied,

    /// <summary>Something has that name already, and it was not to be replaced; or a directory is not empty.</summary>
    Exists,

    /// <summary>The file is not the one that was meant: its identity is another one.</summary>
    Changed,

    /// <summary>The name stands for another kind of thing than was meant: a directory for a file, or the other way round.</summary>
    WrongKind,

    /// <summary>The server, or something behind it, failed to read, write or work.</summary>
    RemoteIO,

    /// <summary>Some files of a set arrived and others did not.</summary>
    PartialSet,

    /// <summary>The transfer broke off and could not go on in time; what has moved is kept, and the same call resumes it.</summary>
    Interrupted,
}
