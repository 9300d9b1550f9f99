using System.Text.Json;

namespace Trainyard.Shell.Control;

/// <summary>How a server is, at one moment. Written as JSON with the names in snake case; fields are added, never renamed or removed.</summary>
/// <param name="Server">The server as a whole.</param>
/// <param name="Queue">Connections that wait for a free slot.</param>
/// <param name="Counts">What has become of the connections so far.</param>
/// <param name="Workers">The workers whose end was not noticed, in the order of their spawn.</param>
/// <param name="Restarts">The last 16 ends of workers, the oldest first.</param>
public sealed record StatusDocument(
    ServerStatus Server, QueueStatus Queue, CountsStatus Counts, IReadOnlyList<WorkerStatus> Workers, IReadOnlyList<RestartStatus> Restarts)
{
    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlJson.Default.StatusDocument);
}

/// <summary>The server as a whole.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Pid">The master's process id.</param>
/// <param name="Listen">The addresses it listens on; none once it has stopped listening.</param>
/// <param name="Phase"><c>running</c>, <c>draining</c>, <c>stopping</c> or <c>stopped</c>.</param>
/// <param name="Since">When it began to serve, UTC.</param>
/// <param name="UptimeSeconds">How long ago that was.</param>
/// <param name="Accepting">Whether it takes connections from the kernel at the moment; <c>false</c> while the queue is full or descriptors are lacking.</param>
/// <param name="UpgradePending">Whether a new master is being started.</param>
/// <param name="TargetWorkers">How many workers there should be.</param>
public sealed record ServerStatus(
    string Version, int Pid, IReadOnlyList<string> Listen, string Phase, DateTimeOffset Since, double UptimeSeconds, bool Accepting,
    bool UpgradePending, int TargetWorkers);

/// <summary>Connections that wait for a free slot.</summary>
/// <param name="Waiting">How many.</param>
/// <param name="LongestWaitSeconds">How long the one that came first has waited; 0 where none waits.</param>
/// <param name="Limit">How many may.</param>
public sealed record QueueStatus(int Waiting, double LongestWaitSeconds, int Limit);

/// <summary>What has become of the connections so far.</summary>
/// <param name="Accepted">Those taken from the kernel.</param>
/// <param name="Held">Those that wait or are served now.</param>
/// <param name="Completed">Those whose worker reported their end.</param>
/// <param name="HandedOn">Those passed to another server.</param>
/// <param name="Redispatched">How often one was given to another worker because its first did not take it, or died before it began.</param>
/// <param name="Rejected">Those refused, whatever the reason.</param>
/// <param name="RejectedBy">The same by reason.</param>
/// <param name="Aborted">Those cut in the middle of their answer, or quarantined.</param>
/// <param name="Bytes">Bytes moved, by the workers of the past too.</param>
/// <param name="BytesPerSecond">The same over about the last second.</param>
/// <param name="Parked">Those held now that are idle and take no slot.</param>
/// <param name="Continued">How often a connection was gone on with by another worker, because its own had died or was leaving.</param>
public sealed record CountsStatus(
    long Accepted, long Held, long Completed, long HandedOn, long Redispatched, long Rejected, RejectedStatus RejectedBy, long Aborted,
    long Bytes, double BytesPerSecond, long Parked, long Continued);

/// <summary>Refused connections by reason.</summary>
/// <param name="QueueFull">The queue was full.</param>
/// <param name="WaitedTooLong">They waited longer than allowed.</param>
/// <param name="ShuttingDown">The server drained or stopped.</param>
/// <param name="NobodyTookIt">No worker took them.</param>
/// <param name="TooManyFromAddress">Their address had as many as one may have.</param>
public sealed record RejectedStatus(long QueueFull, long WaitedTooLong, long ShuttingDown, long NobodyTookIt, long TooManyFromAddress);

/// <summary>One worker.</summary>
/// <param name="Id">Counts workers from 1 since the server's start; a replacement has a new one.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="State"><c>starting</c>, <c>ready</c>, <c>busy</c>, <c>leaving</c> or <c>killed</c>.</param>
/// <param name="Slots">How many connections it can carry at once; 0 while it starts or leaves.</param>
/// <param name="Connections">How many it has.</param>
/// <param name="Served">How many it has ended.</param>
/// <param name="Bytes">Bytes it has moved.</param>
/// <param name="BytesPerSecond">The same over about the last second.</param>
/// <param name="AgeSeconds">Since its spawn.</param>
/// <param name="ResidentBytes">Its resident memory, shared pages included (proc(5), statm); 0 where it cannot be read.</param>
/// <param name="Transfer">What it sends; of several transfers, one. <c>null</c> where it sends nothing.</param>
public sealed record WorkerStatus(
    int Id, int Pid, string State, int Slots, int Connections, long Served, long Bytes, double BytesPerSecond, double AgeSeconds,
    long ResidentBytes, TransferStatus? Transfer);

/// <summary>A running transfer.</summary>
/// <param name="Path">
/// The file, as a terminal can show it: controls and bytes that are no UTF-8 are written <c>\u{N}</c> and <c>\xNN</c>, a backslash twice.
/// Clipped where it is long.
/// </param>
/// <param name="Offset">Bytes of it that the kernel has taken.</param>
/// <param name="Size">Its bytes; 0 where there is no end to know.</param>
/// <param name="BytesPerSecond">Over about the last second.</param>
public sealed record TransferStatus(string Path, long Offset, long Size, double BytesPerSecond);

/// <summary>A worker's end.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="Pid">Its process id; 0 where it could not be started.</param>
/// <param name="At">When it was noticed, UTC.</param>
/// <param name="Cause">How it ended, as a clause.</param>
public sealed record RestartStatus(int Worker, int Pid, DateTimeOffset At, string Cause);
