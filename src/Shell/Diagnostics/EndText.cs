using System.Globalization;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Diagnostics;

/// <summary>The one place that puts into words how workers and connections end.</summary>
internal static class EndText
{
    /// <summary>A connection's end, as a clause.</summary>
    public static string Describe(ConnectionReport report) =>
        report.End switch
        {
            ConnectionEnd.Completed => "completed",
            ConnectionEnd.PeerGone => $"the client went away: {Errno(report)}",
            ConnectionEnd.Stalled => "the client took nothing for too long",
            ConnectionEnd.FileUnavailable => $"the file cannot be opened: {Errno(report)}",
            ConnectionEnd.FileShrank => "the file became shorter while it was sent",
            ConnectionEnd.FileChanged => "the file changed while it was sent",
            ConnectionEnd.ProtocolBroken => "the client broke the protocol",
            ConnectionEnd.ReadFailed => $"the file cannot be read: {Errno(report)}",
            ConnectionEnd.NotServed => "no thread of its worker took it",
            _ => "the service failed",
        };

    /// <summary>A worker's end, as a clause.</summary>
    public static string Describe(WorkerExit cause) =>
        cause switch
        {
            WorkerExit.Exited(0) => "left",
            WorkerExit.Exited(var code) => string.Create(CultureInfo.InvariantCulture, $"exited with status {code}"),
            WorkerExit.Disowned => "was killed because it said what no worker says",
            WorkerExit.OutOfMemory => "was killed because memory ran out",
            WorkerExit.Killed(var signal) => string.Create(CultureInfo.InvariantCulture, $"was killed by signal {signal}"),
            WorkerExit.NotSpawned(var errno) => $"could not be started: {ErrnoText.Describe((Errno)errno)}",
            _ => "ended",
        };

    /// <summary>Why a connection is not served, as a clause.</summary>
    public static string Describe(RejectReason reason) =>
        reason switch
        {
            RejectReason.QueueFull => "too many connections are waiting",
            RejectReason.WaitedTooLong => "it waited too long for a free worker",
            RejectReason.ShuttingDown => "the server is shutting down",
            RejectReason.NobodyTookIt => "no worker took it",
            RejectReason.TooManyFromAddress => "its address has too many connections",
            RejectReason.OutOfDescriptors => "no descriptor is left for it",
            RejectReason.WorkerDied => "its worker died in the middle of the answer",
            RejectReason.Idle => "nothing came for too long",
            RejectReason.Quarantined => "it has brought down one worker after another",
            RejectReason.Interrupted => "nobody is left to go on with it",
            _ => "it was refused",
        };

    /// <summary>Why a pool ended, as a clause.</summary>
    public static string Describe(PoolEnd end) =>
        end switch
        {
            PoolEnd.Drained => "drained",
            PoolEnd.DrainDeadline => "drained, and what stood still was cut",
            PoolEnd.Stopped => "stopped",
            _ => "ended because workers kept failing to start",
        };

    private static string Errno(ConnectionReport report) => ErrnoText.Describe((Errno)report.Errno);
}
