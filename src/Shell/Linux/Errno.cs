namespace Trainyard.Shell.Linux;

/// <summary>The kernel's error numbers, in plain words. Same on x86-64 and arm64.</summary>
/// <remarks>errno(3). The symbolic names are in <see cref="ErrnoText"/>; a number without a name here is a legal value too.</remarks>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>EPERM: operation not permitted.</summary>
    NotPermitted = 1,

    /// <summary>ENOENT: no such file or directory.</summary>
    NoEntry = 2,

    /// <summary>ESRCH: no such process.</summary>
    NoProcess = 3,

    /// <summary>EINTR: interrupted system call.</summary>
    Interrupted = 4,

    /// <summary>EIO: input/output error.</summary>
    InputOutput = 5,

    /// <summary>ENXIO: no such device or address.</summary>
    NoDevice = 6,

    /// <summary>E2BIG: argument list too long.</summary>
    ArgumentsTooLong = 7,

    /// <summary>ENOEXEC: exec format error.</summary>
    NotExecutable = 8,

    /// <summary>EBADF: bad file descriptor.</summary>
    BadDescriptor = 9,

    /// <summary>ECHILD: no child processes.</summary>
    NoChild = 10,

    /// <summary>EAGAIN: resource temporarily unavailable.</summary>
    WouldBlock = 11,

    /// <summary>ENOMEM: cannot allocate memory.</summary>
    OutOfMemory = 12,

    /// <summary>EACCES: permission denied.</summary>
    AccessDenied = 13,

    /// <summary>EFAULT: bad address.</summary>
    BadAddress = 14,

    /// <summary>EBUSY: device or resource busy.</summary>
    Busy = 16,

    /// <summary>EEXIST: file exists.</summary>
    Exists = 17,

    /// <summary>EXDEV: invalid cross-device link.</summary>
    CrossDevice = 18,

    /// <summary>ENOTDIR: not a directory.</summary>
    NotDirectory = 20,

    /// <summary>EISDIR: is a directory.</summary>
    IsDirectory = 21,

    /// <summary>EINVAL: invalid argument.</summary>
    InvalidArgument = 22,

    /// <summary>ENFILE: too many open files in system.</summary>
    SystemFileLimit = 23,

    /// <summary>EMFILE: too many open files.</summary>
    ProcessFileLimit = 24,

    /// <summary>ENOTTY: inappropriate ioctl for device.</summary>
    NotTerminal = 25,

    /// <summary>ETXTBSY: text file busy.</summary>
    TextBusy = 26,

    /// <summary>EFBIG: file too large.</summary>
    FileTooBig = 27,

    /// <summary>ENOSPC: no space left on device.</summary>
    NoSpace = 28,

    /// <summary>ESPIPE: illegal seek.</summary>
    IllegalSeek = 29,

    /// <summary>EROFS: read-only file system.</summary>
    ReadOnlyFileSystem = 30,

    /// <summary>EMLINK: too many links.</summary>
    TooManyLinks = 31,

    /// <summary>EPIPE: broken pipe.</summary>
    BrokenPipe = 32,

    /// <summary>ERANGE: numerical result out of range.</summary>
    OutOfRange = 34,

    /// <summary>EDEADLOCK: resource deadlock avoided.</summary>
    Deadlock = 35,

    /// <summary>ENAMETOOLONG: file name too long.</summary>
    NameTooLong = 36,

    /// <summary>ENOSYS: function not implemented.</summary>
    NotImplemented = 38,

    /// <summary>ENOTEMPTY: directory not empty.</summary>
    NotEmpty = 39,

    /// <summary>ELOOP: too many levels of symbolic links.</summary>
    TooManySymbolicLinks = 40,

    /// <summary>ENODATA: no data available.</summary>
    NoData = 61,

    /// <summary>EOVERFLOW: value too large for defined data type.</summary>
    Overflow = 75,

    /// <summary>EILSEQ: invalid or incomplete multibyte or wide character.</summary>
    IllegalByteSequence = 84,

    /// <summary>ENOTSOCK: socket operation on non-socket.</summary>
    NotSocket = 88,

    /// <summary>EMSGSIZE: message too long.</summary>
    MessageTooLong = 90,

    /// <summary>ENOPROTOOPT: protocol not available.</summary>
    NoProtocolOption = 92,

    /// <summary>EPROTONOSUPPORT: protocol not supported.</summary>
    ProtocolNotSupported = 93,

    /// <summary>ENOTSUP: operation not supported.</summary>
    NotSupported = 95,

    /// <summary>EAFNOSUPPORT: address family not supported by protocol.</summary>
    AddressFamilyNotSupported = 97,

    /// <summary>EADDRINUSE: address already in use.</summary>
    AddressInUse = 98,

    /// <summary>EADDRNOTAVAIL: cannot assign requested address.</summary>
    AddressNotAvailable = 99,

    /// <summary>ENETDOWN: network is down.</summary>
    NetworkDown = 100,

    /// <summary>ENETUNREACH: network is unreachable.</summary>
    NetworkUnreachable = 101,

    /// <summary>ECONNABORTED: software caused connection abort.</summary>
    ConnectionAborted = 103,

    /// <summary>ECONNRESET: connection reset by peer.</summary>
    ConnectionReset = 104,

    /// <summary>ENOBUFS: no buffer space available.</summary>
    NoBufferSpace = 105,

    /// <summary>EISCONN: transport endpoint is already connected.</summary>
    AlreadyConnected = 106,

    /// <summary>ENOTCONN: transport endpoint is not connected.</summary>
    NotConnected = 107,

    /// <summary>ETOOMANYREFS: too many references: cannot splice.</summary>
    TooManyReferences = 109,

    /// <summary>ETIMEDOUT: connection timed out.</summary>
    TimedOut = 110,

    /// <summary>ECONNREFUSED: connection refused.</summary>
    ConnectionRefused = 111,

    /// <summary>EHOSTDOWN: host is down.</summary>
    HostDown = 112,

    /// <summary>EHOSTUNREACH: no route to host.</summary>
    HostUnreachable = 113,

    /// <summary>EALREADY: operation already in progress.</summary>
    AlreadyInProgress = 114,

    /// <summary>EINPROGRESS: operation now in progress.</summary>
    InProgress = 115,

    /// <summary>ESTALE: stale file handle.</summary>
    StaleHandle = 116,

    /// <summary>EDQUOT: disk quota exceeded.</summary>
    QuotaExceeded = 122,
}
