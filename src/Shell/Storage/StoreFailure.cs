using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>The one place that says what an error number of the file system means to a client.</summary>
internal static class StoreFailure
{
    /// <summary>The failure behind an error number.</summary>
    public static Failure Of(Errno error) =>
        error switch
        {
            Errno.NoEntry => Failure.Of(ErrorCode.NotFound),
            Errno.AccessDenied or Errno.NotPermitted => Failure.Of(ErrorCode.Denied),
            Errno.ReadOnlyFileSystem => Failure.Of(ErrorCode.Denied, "the file system is read-only"),
            Errno.Exists => Failure.Of(ErrorCode.Exists),
            Errno.IsDirectory => Failure.Of(ErrorCode.IsDirectory),
            Errno.NotDirectory => Failure.Of(ErrorCode.NotDirectory),
            Errno.NotEmpty => Failure.Of(ErrorCode.NotEmpty),
            Errno.CrossDevice => Failure.Of(ErrorCode.NotServed, "the path leads out of what is served"),
            Errno.TooManySymbolicLinks => Failure.Of(ErrorCode.NotServed, "a symbolic link is not followed"),
            Errno.NoSpace => Failure.Of(ErrorCode.NoSpace),
            Errno.QuotaExceeded => Failure.Of(ErrorCode.NoSpace, "the quota is used up"),
            Errno.FileTooBig => Failure.Of(ErrorCode.TooLarge, "the file system takes no file of this size"),
            Errno.NameTooLong => Failure.Of(ErrorCode.TooLarge, "the name is too long"),
            Errno.IllegalByteSequence => Failure.Of(ErrorCode.Usage, "the file system takes no such name"),
            Errno.SystemFileLimit or Errno.ProcessFileLimit or Errno.OutOfMemory => Busy(error),
            Errno.WouldBlock or Errno.Busy or Errno.TextBusy => Busy(error),
            _ => Failure.Of(ErrorCode.LocalIO, ErrnoText.Describe(error)),
        };

    /// <summary>Nothing is changed on a read-only server.</summary>
    public static Failure ReadOnly { get; } = Failure.Of(ErrorCode.Denied, "the server is read-only");

    /// <summary>A name of the server's own.</summary>
    public static Failure Hidden { get; } = Failure.Of(ErrorCode.NotServed, "names that begin with .trainyard- are the server's own");

    /// <summary>Another file than the one that was meant.</summary>
    public static Failure Changed { get; } = Failure.Of(ErrorCode.Changed);

    /// <summary>The client goes on with the upload over another connection.</summary>
    public static Failure TakenOver { get; } = new(ErrorCode.Interrupted, "another connection goes on with this upload", IsRetryable: false, null);

    private static Failure Busy(Errno error) => new(ErrorCode.Busy, ErrnoText.Describe(error), IsRetryable: true, RetryAfter: 1000);
}
