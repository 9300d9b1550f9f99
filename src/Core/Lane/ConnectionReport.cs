namespace Trainyard.Core.Lane;

/// <summary>What a worker reports of a connection that has ended.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Errno">The error number behind <paramref name="End"/>, or 0.</param>
/// <param name="FileBytes">Bytes of the file that were queued on the connection.</param>
/// <param name="WireBytes">All bytes that were queued on the connection.</param>
/// <param name="Elapsed">From taking the connection over to its end.</param>
public readonly record struct ConnectionReport(ConnectionEnd End, int Errno, long FileBytes, long WireBytes, TimeSpan Elapsed);
