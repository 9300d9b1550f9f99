using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>Turns an error number into the words of errno(3) and strerror(3).</summary>
public static class ErrnoText
{
    /// <summary>The C library's sentence and the symbolic name: "Connection reset by peer (ECONNRESET)".</summary>
    public static string Describe(Errno error) => $"{Marshal.GetPInvokeErrorMessage((int)error)} ({Symbol(error)})";

    /// <summary>The name in errno.h, or "errno N" for a number that <see cref="Errno"/> does not name.</summary>
    public static string Symbol(Errno error) => error switch
    {
        Errno.NotPermitted => "EPERM",
        Errno.NoEntry => "ENOENT",
        Errno.NoProcess => "ESRCH",
        Errno.Interrupted => "EINTR",
        Errno.InputOutput => "EIO",
        Errno.NoDevice => "ENXIO",
        Errno.ArgumentsTooLong => "E2BIG",
        Errno.NotExecutable => "ENOEXEC",
        Errno.BadDescriptor => "EBADF",
        Errno.NoChild => "ECHILD",
        Errno.WouldBlock => "EAGAIN",
        Errno.OutOfMemory => "ENOMEM",
        Errno.AccessDenied => "EACCES",
        Errno.BadAddress => "EFAULT",
        Errno.Busy => "EBUSY",
        Errno.Exists => "EEXIST",
        Errno.CrossDevice => "EXDEV",
        Errno.NotDirectory => "ENOTDIR",
        Errno.IsDirectory => "EISDIR",
        Errno.InvalidArgument => "EINVAL",
        Errno.SystemFileLimit => "ENFILE",
        Errno.ProcessFileLimit => "EMFILE",
        Errno.NotTerminal => "ENOTTY",
        Errno.TextBusy => "ETXTBSY",
        Errno.FileTooBig => "EFBIG",
        Errno.NoSpace => "ENOSPC",
        Errno.IllegalSeek => "ESPIPE",
        Errno.ReadOnlyFileSystem => "EROFS",
        Errno.TooManyLinks => "EMLINK",
        Errno.BrokenPipe => "EPIPE",
        Errno.OutOfRange => "ERANGE",
        Errno.Deadlock => "EDEADLK",
        Errno.NameTooLong => "ENAMETOOLONG",
        Errno.NotImplemented => "ENOSYS",
        Errno.NotEmpty => "ENOTEMPTY",
        Errno.TooManySymbolicLinks => "ELOOP",
        Errno.NoData => "ENODATA",
        Errno.Overflow => "EOVERFLOW",
        Errno.IllegalByteSequence => "EILSEQ",
        Errno.NotSocket => "ENOTSOCK",
        Errno.MessageTooLong => "EMSGSIZE",
        Errno.NoProtocolOption => "ENOPROTOOPT",
        Errno.ProtocolNotSupported => "EPROTONOSUPPORT",
        Errno.NotSupported => "EOPNOTSUPP",
        Errno.AddressFamilyNotSupported => "EAFNOSUPPORT",
        Errno.AddressInUse => "EADDRINUSE",
        Errno.AddressNotAvailable => "EADDRNOTAVAIL",
        Errno.NetworkDown => "ENETDOWN",
        Errno.NetworkUnreachable => "ENETUNREACH",
        Errno.ConnectionAborted => "ECONNABORTED",
        Errno.ConnectionReset => "ECONNRESET",
        Errno.NoBufferSpace => "ENOBUFS",
        Errno.AlreadyConnected => "EISCONN",
        Errno.NotConnected => "ENOTCONN",
        Errno.TooManyReferences => "ETOOMANYREFS",
        Errno.TimedOut => "ETIMEDOUT",
        Errno.ConnectionRefused => "ECONNREFUSED",
        Errno.HostDown => "EHOSTDOWN",
        Errno.HostUnreachable => "EHOSTUNREACH",
        Errno.AlreadyInProgress => "EALREADY",
        Errno.InProgress => "EINPROGRESS",
        Errno.StaleHandle => "ESTALE",
        Errno.QuotaExceeded => "EDQUOT",
        _ => $"errno {(int)error}",
    };
}
