using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Trainyard.Shell.Linux;

/// <summary>A connection taken from a listener's backlog, or the error number why there is none now.</summary>
/// <param name="Socket">The connection, non-blocking and close-on-exec; null after a failure.</param>
/// <param name="Peer">Who connected; null after a failure and on a Unix socket.</param>
/// <param name="Error">
/// EAGAIN: the backlog is empty. ECONNABORTED: the peer has gone, take the next. EMFILE, ENFILE, ENOBUFS, ENOMEM: out of resources, the
/// connection stays in the backlog. A pending network error of the new connection (accept(2)) likewise: take the next.
/// </param>
internal readonly record struct AcceptResult(SocketDescriptor? Socket, IPEndPoint? Peer, Errno Error)
{
    /// <summary>There is a connection.</summary>
    [MemberNotNullWhen(true, nameof(Socket))]
    internal bool IsOk => Socket is not null;
}
