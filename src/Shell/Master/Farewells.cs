using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving;

namespace Trainyard.Shell.Master;

/// <summary>
/// What clients are told that are not served. Asked for once and kept, so that no code but the pool's own runs in the master's loop.
/// </summary>
internal sealed class Farewells
{
    private readonly byte[][] _words;

    /// <summary>The words for every reason.</summary>
    /// <param name="words">What to say for a reason, of which empty is nothing; <c>null</c> where the protocol has no words.</param>
    public Farewells(Func<RejectReason, ReadOnlyMemory<byte>>? words) =>
        _words = [.. Enum.GetValues<RejectReason>().Select(reason => IsSaid(reason) && words is not null ? words(reason).ToArray() : [])];

    /// <summary>
    /// Tells a client, of whose connection nobody has sent or read anything, as far as the socket takes it at once, and ends the stream in order. The
    /// caller closes the connection.
    /// </summary>
    public void Say(SocketDescriptor socket, RejectReason reason)
    {
        if (_words[(int)reason] is not { Length: > 0 } words)
            return;
        _ = Libc.Send(socket, words, MessageFlags.DontWait);
        Ending.InOrder(socket);
    }

    // Bytes of an answer may have gone out, and what follows them would be taken for more of it.
    private static bool IsSaid(RejectReason reason) => reason != RejectReason.WorkerDied;
}
