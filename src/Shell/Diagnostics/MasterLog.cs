using Microsoft.Extensions.Logging;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;

namespace Trainyard.Shell.Diagnostics;

/// <summary>Everything a master logs. Event ids are stable.</summary>
internal static partial class MasterLog
{
    [LoggerMessage(1, LogLevel.Information, "listening on {EndPoint}, {Workers} workers, {What}")]
    public static partial void Listening(ILogger logger, string endPoint, int workers, string what);

    [LoggerMessage(2, LogLevel.Debug, "worker {Pid} spawned")]
    public static partial void WorkerSpawned(ILogger logger, int pid);

    [LoggerMessage(3, LogLevel.Debug, "worker {Pid} ready, {Slots} slots")]
    public static partial void WorkerReady(ILogger logger, int pid, int slots);

    [LoggerMessage(4, LogLevel.Warning, "worker {Pid} {Cause}")]
    public static partial void WorkerDied(ILogger logger, int pid, string cause);

    [LoggerMessage(5, LogLevel.Error, "cannot start {Program} as a worker: {Cause}")]
    public static partial void NotSpawned(ILogger logger, string program, string cause);

    [LoggerMessage(6, LogLevel.Error, "worker {Pid} does not speak our lane: {Error}")]
    public static partial void LaneBroken(ILogger logger, int pid, LaneError error);

    [LoggerMessage(7, LogLevel.Warning, "worker {Pid} hangs: {State}")]
    public static partial void WorkerHangs(ILogger logger, int pid, string state);

    [LoggerMessage(8, LogLevel.Debug, "{Connection} waits for a free worker; {Waiting} waiting")]
    public static partial void Queued(ILogger logger, ConnectionId connection, int waiting);

    [LoggerMessage(9, LogLevel.Warning, "{Connection} from {Peer} closed: {Reason}")]
    public static partial void Rejected(ILogger logger, ConnectionId connection, PeerName peer, string reason);

    [LoggerMessage(10, LogLevel.Debug, "worker {Pid} refused {Connection}: {Reason}")]
    public static partial void Refused(ILogger logger, int pid, ConnectionId connection, RefuseReason reason);

    [LoggerMessage(11, LogLevel.Warning, "{Connection} could not be passed to worker {Pid}: {Cause}")]
    public static partial void NotPassed(ILogger logger, ConnectionId connection, int pid, string cause);

    [LoggerMessage(12, LogLevel.Information, "{Connection} from {Peer}, worker {Pid}: {Outcome}; {FileBytes} bytes in {Seconds:F3} s")]
    public static partial void TransferEnded(
        ILogger logger, ConnectionId connection, PeerName peer, int pid, string outcome, long fileBytes, double seconds);

    [LoggerMessage(13, LogLevel.Warning, "accepting pauses: {Cause}")]
    public static partial void AcceptExhausted(ILogger logger, string cause);

    [LoggerMessage(15, LogLevel.Information, "{Cause}: {Completed} connections done, {HandedOn} handed on, {Rejected} refused, {Aborted} cut")]
    public static partial void Ended(ILogger logger, string cause, long completed, long handedOn, long rejected, long aborted);

    [LoggerMessage(34, LogLevel.Debug, "{Connection} passed to worker {Pid}")]
    public static partial void Passed(ILogger logger, ConnectionId connection, int pid);

    [LoggerMessage(16, LogLevel.Information, "worker {Pid} left")]
    public static partial void WorkerLeft(ILogger logger, int pid);

    [LoggerMessage(17, LogLevel.Warning, "connection from {Peer} refused: no descriptor is left for it")]
    public static partial void RefusedForLackOfDescriptors(ILogger logger, PeerName peer);

    [LoggerMessage(18, LogLevel.Information, "upgrade: {Program} started as process {Pid}")]
    public static partial void SuccessorStarted(ILogger logger, string program, int pid);

    [LoggerMessage(19, LogLevel.Information, "upgrade: process {Pid} serves; this one finishes what it holds")]
    public static partial void SuccessorServes(ILogger logger, int pid);

    [LoggerMessage(20, LogLevel.Error, "upgrade failed, this server goes on: {Cause}")]
    public static partial void UpgradeFailed(ILogger logger, string cause);

    [LoggerMessage(21, LogLevel.Error, "process {Pid}, which succeeded this server, {Cause}")]
    public static partial void SuccessorDied(ILogger logger, int pid, string cause);

    [LoggerMessage(22, LogLevel.Information, "succeeding process {Pid}")]
    public static partial void Succeeding(ILogger logger, int pid);

    [LoggerMessage(23, LogLevel.Information, "process {Pid} has handed over")]
    public static partial void Relieved(ILogger logger, int pid);

    [LoggerMessage(24, LogLevel.Warning, "process {Pid} ended before it had handed over; this one serves")]
    public static partial void PredecessorGone(ILogger logger, int pid);

    [LoggerMessage(25, LogLevel.Debug, "{Connection} handed on to process {Pid}")]
    public static partial void HandedOn(ILogger logger, ConnectionId connection, int pid);

    [LoggerMessage(26, LogLevel.Warning, "{Connection} could not be handed on to process {Pid}")]
    public static partial void NotHandedOn(ILogger logger, ConnectionId connection, int pid);

    [LoggerMessage(27, LogLevel.Debug, "{Connection} given back by worker {Pid}")]
    public static partial void Returned(ILogger logger, ConnectionId connection, int pid);

    [LoggerMessage(28, LogLevel.Error, "{Connection} from {Peer} is quarantined: it has brought down one worker after another in its turn, with {Subject}")]
    public static partial void Quarantined(ILogger logger, ConnectionId connection, PeerName peer, string subject);

    [LoggerMessage(30, LogLevel.Information, "control socket {Path}")]
    public static partial void ControlListening(ILogger logger, string path);

    [LoggerMessage(31, LogLevel.Warning, "no control socket: no directory of this user's own can be had; give a path with --control")]
    public static partial void ControlUnavailable(ILogger logger);

    [LoggerMessage(32, LogLevel.Information, "{Command}, asked by process {Pid}")]
    public static partial void ControlAsked(ILogger logger, string command, int pid);

    [LoggerMessage(33, LogLevel.Warning, "process {Pid} of user {User} may not use the control socket")]
    public static partial void ControlStranger(ILogger logger, int pid, uint user);

    [LoggerMessage(34, LogLevel.Warning, "the control socket stays behind: {Cause}")]
    public static partial void ControlNotTakenOver(ILogger logger, string cause);
}
