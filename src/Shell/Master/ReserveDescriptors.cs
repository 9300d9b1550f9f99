using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>
/// Descriptors that are held back, as duplicates of /dev/null, for what must go on when all others are taken: to replace a worker, and to
/// refuse a connection that would otherwise stay in the backlog and wake the loop for ever.
/// </summary>
internal sealed class ReserveDescriptors : IDisposable
{
    // A spawn takes a lane's two ends, a duplicate of each inherited descriptor, one in the child for its standard input, and a pidfd.
    private const int Count = 8;

    // The runtime opens files of its own accord, assemblies and what the thread that handles a signal needs, and ends the process where it cannot.
    private const int ForTheRuntime = 16;

    private readonly Stack<Descriptor> _held = [];
    private readonly long _limit = (long)Math.Min(Libc.OpenFileLimit().Soft, int.MaxValue);

    /// <summary>A reserve, as full as the process's limit lets it be.</summary>
    public ReserveDescriptors() => Refill();

    /// <summary>Fills the reserve up again.</summary>
    /// <returns>Whether it is full. While it is not, nothing else should be opened.</returns>
    public bool Refill()
    {
        while (_held.Count < Count)
        {
            var opened = Libc.Open(FileDescriptor.WorkingDirectory, "/dev/null"u8, OpenFlags.ReadOnly);
            if (!opened.IsOk)
                return false;
            _held.Push(opened.Descriptor);
        }
        return true;
    }

    /// <summary>
    /// Whether a descriptor is among the last that the process can have, which it keeps free. The kernel gives the lowest free number
    /// (open(2)), so that the number tells.
    /// </summary>
    public bool IsNeeded(Descriptor descriptor) => (long)descriptor.DangerousGetHandle() >= _limit - ForTheRuntime;

    /// <summary>Gives the whole reserve up, for something that must be opened now; <see cref="Refill"/> comes after it.</summary>
    public void Release()
    {
        while (_held.TryPop(out var descriptor))
            descriptor.Dispose();
    }

    /// <summary>Accepts one connection in order to refuse it.</summary>
    /// <param name="listener">Where it waits.</param>
    /// <param name="farewells">What its protocol says to a client that cannot be served.</param>
    /// <returns>What accepting gave; its connection is closed already.</returns>
    public AcceptResult RefuseOne(SocketDescriptor listener, Farewells farewells)
    {
        if (_held.TryPop(out var descriptor))
            descriptor.Dispose();
        var accepted = Libc.Accept(listener);
        if (accepted.IsOk)
        {
            farewells.Say(accepted.Socket, RejectReason.OutOfDescriptors);
            accepted.Socket.Dispose();
        }
        Refill();
        return accepted;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();
}
