using System.Net;

namespace Trainyard.Shell;

/// <summary>One connection's end, as its worker reported it.</summary>
/// <param name="Peer">The client's address; <c>null</c> on a Unix socket.</param>
/// <param name="WorkerPid">The worker's process id.</param>
/// <param name="Completed">Whether everything was sent.</param>
/// <param name="Outcome">How it ended, in words.</param>
/// <param name="FileBytes">Bytes of the file that were queued.</param>
/// <param name="Elapsed">From the worker taking the connection over to its end.</param>
public sealed record TransferEnded(IPEndPoint? Peer, int WorkerPid, bool Completed, string Outcome, long FileBytes, TimeSpan Elapsed);
