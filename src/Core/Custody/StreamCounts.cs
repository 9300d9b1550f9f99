namespace Trainyard.Core.Custody;

/// <summary>What the kernel has counted on a connection that no process reads or writes at present (tcp(7), TCP_INFO).</summary>
/// <param name="Queued">Bytes ever accepted for sending: <c>bytes_sent - bytes_retrans + notsent_bytes</c> of one reading.</param>
/// <param name="Taken">Bytes ever read by a process: those that came less those that still wait to be read. The end of the stream is no byte.</param>
public readonly record struct StreamCounts(long Queued, long Taken);
