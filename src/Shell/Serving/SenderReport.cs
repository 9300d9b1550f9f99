using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;

namespace Trainyard.Shell.Serving;

/// <summary>A sender's outcome as the lane reports it.</summary>
internal static class SenderReport
{
    /// <summary>The report of an outcome.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="layout">The response that was sent; <c>null</c> where it never began.</param>
    /// <param name="elapsed">How long it took.</param>
    public static ConnectionReport Of(SenderOutcome outcome, TextbookLayout? layout, TimeSpan elapsed) =>
        outcome switch
        {
            SenderOutcome.Completed(var file, var wire) => new(ConnectionEnd.Completed, 0, file, wire, elapsed),
            SenderOutcome.Unavailable(var errno) => new(ConnectionEnd.FileUnavailable, errno, 0, 0, elapsed),
            SenderOutcome.Shrank(var at) => new(ConnectionEnd.FileShrank, 0, at, layout?.FilePosition(at) ?? 0, elapsed),
            SenderOutcome.Changed => new(ConnectionEnd.FileChanged, 0, 0, 0, elapsed),
            SenderOutcome.ReadFailed(var errno) => new(ConnectionEnd.ReadFailed, errno, 0, 0, elapsed),
            SenderOutcome.PeerGone(var errno, var wire) => new(ConnectionEnd.PeerGone, errno, layout?.FileBytesBefore(wire) ?? 0, wire, elapsed),
            SenderOutcome.Stalled(_, var wire) => new(ConnectionEnd.Stalled, 0, layout?.FileBytesBefore(wire) ?? 0, wire, elapsed),
            _ => new(ConnectionEnd.Faulted, 0, 0, 0, elapsed),
        };
}
