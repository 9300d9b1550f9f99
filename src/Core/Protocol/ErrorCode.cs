namespace Trainyard.Core.Protocol;

/// <summary>Why something failed. The numbers are the wire's and never change their meaning.</summary>
/// <remarks>A newer peer may send a number without a name here; it is kept, and <see cref="Failure.IsRetryable"/> says what to do.</remarks>
public enum ErrorCode
{
    /// <summary>A fault of the program itself.</summary>
    Internal = 1,

    /// <summary>The peer broke the protocol.</summary>
    Protocol = 2,

    /// <summary>The request makes no sense: a bad path, a range past the end.</summary>
    Usage = 3,

    /// <summary>No version of the protocol is spoken by both.</summary>
    Version = 4,

    /// <summary>The credential is missing or wrong.</summary>
    Auth = 5,

    /// <summary>There is no room at the moment.</summary>
    Busy = 6,

    /// <summary>There is no such file or directory.</summary>
    NotFound = 7,

    /// <summary>Permission denied, or the server is read-only.</summary>
    Denied = 8,

    /// <summary>There is one already.</summary>
    Exists = 9,

    /// <summary>The file is not the one that was meant: another identity.</summary>
    Changed = 10,

    /// <summary>The bytes are not those that were sent or stored.</summary>
    Integrity = 11,

    /// <summary>Reading or writing failed on the side that says so.</summary>
    LocalIO = 12,

    /// <summary>Reading or writing failed on the other side, or on one behind it.</summary>
    RemoteIO = 13,

    /// <summary>The disk or a quota is full.</summary>
    NoSpace = 14,

    /// <summary>Nothing moved for too long.</summary>
    Timeout = 15,

    /// <summary>Longer or more than a limit allows.</summary>
    TooLarge = 16,

    /// <summary>Broken off; what has moved is kept, and the transfer can be resumed.</summary>
    Interrupted = 17,

    /// <summary>The peer does not know the request or the algorithm.</summary>
    Unsupported = 18,

    /// <summary>A directory where a file was meant.</summary>
    IsDirectory = 19,

    /// <summary>No directory where one was meant.</summary>
    NotDirectory = 20,

    /// <summary>The directory is not empty.</summary>
    NotEmpty = 21,

    /// <summary>A device, FIFO or socket, or a link that leads out of the root: never served.</summary>
    NotServed = 22,
}
