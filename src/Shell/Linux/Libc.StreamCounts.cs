using System.Runtime.InteropServices;
using Trainyard.Core.Custody;

namespace Trainyard.Shell.Linux;

/// <content>What was ever moved on a connection, by whichever processes (tcp(7), TCP_INFO and FIONREAD).</content>
internal static unsafe partial class Libc
{
    private const int MostReadings = 100_000;

    /// <summary>Counts the bytes of a connection that no process reads or writes at present.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="counts">What was queued and taken.</param>
    /// <param name="info">The counters behind that.</param>
    /// <returns><see cref="Errno.None"/>; not supported where it is no TCP connection; busy where the peer sends so fast that no count holds.</returns>
    internal static Errno CountStream(SafeHandle socket, out StreamCounts counts, out TcpInfo info)
    {
        counts = default;
        // What has come and what waits are two calls: bytes that come in between would be taken for taken ones.
        for (var reading = 0; reading < MostReadings; reading++)
        {
            if (GetTcpInfo(socket, out info) is var error and not Errno.None)
                return error;
            var waiting = ReadableBytes(socket);
            if (GetTcpInfo(socket, out var again) is var failed and not Errno.None)
                return failed;
            if (again.ReceivedBytes != info.ReceivedBytes || again.State != info.State)
                continue;
            var received = (long)info.ReceivedBytes - (info.HasEndedReceiving ? 1 : 0);
            counts = new((long)info.TotalQueued, Math.Max(0, received - waiting));
            return Errno.None;
        }
        info = default;
        return Errno.Busy;
    }
}
