using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>
/// How a worker ends a connection. The master still holds a duplicate of the socket, so that closing ours alone would tell the peer nothing.
/// </summary>
internal static class Ending
{
    private const int MostToDiscard = 64 * 1024;

    /// <summary>Says that nothing more comes; what was queued is still delivered.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="isAtEnd">Whether the peer is known to have ended its stream, and all of that was taken.</param>
    public static void InOrder(Descriptor socket, bool isAtEnd = false)
    {
        _ = Libc.Shutdown(socket, SocketDirection.Writing);
        if (isAtEnd)
            return;
        // Closing with unread input resets the connection, which may overtake the end of the answer.
        Span<byte> discarded = stackalloc byte[4096];
        for (var total = 0; total < MostToDiscard;)
        {
            var received = Libc.Receive(socket, discarded);
            if (!received.IsOk || received.Count == 0)
                return;
            total += (int)received.Count;
        }
    }

    /// <summary>Resets the connection when its last descriptor closes, so that no peer takes what it got for the whole.</summary>
    public static void Abruptly(Descriptor socket) => Libc.SetLinger(socket, 0);
}
