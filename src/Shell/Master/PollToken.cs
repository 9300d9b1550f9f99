using Trainyard.Core.Pool;

namespace Trainyard.Shell.Master;

/// <summary>What a master's poll entry stands for: a kind in the uppermost byte of the token, a number in the others.</summary>
internal readonly record struct PollToken(PollTokenKind Kind, long Number = 0)
{
    private const int NumberBits = 56;

    /// <summary>The token as the kernel carries it.</summary>
    public ulong Value => ((ulong)Kind << NumberBits) | (ulong)Number;

    /// <summary>The worker that the number means, where the kind is one of a worker's.</summary>
    public WorkerId Worker => new((int)Number);

    /// <summary>The connection that the number means, where the kind is one of a connection's.</summary>
    public ConnectionId Connection => new(Number);

    /// <summary>The token that the kernel gave back.</summary>
    public static PollToken Of(ulong value) => new((PollTokenKind)(value >> NumberBits), (long)(value & ((1UL << NumberBits) - 1)));
}

/// <summary>The kinds of descriptors a master waits for.</summary>
internal enum PollTokenKind
{
    /// <summary>A listening socket, by its place among the listeners: connections to accept.</summary>
    Listener,

    /// <summary>The eventfd of <see cref="Linux.SignalEvents"/>.</summary>
    Signals,

    /// <summary>The eventfd of <see cref="Inbox"/>.</summary>
    Inbox,

    /// <summary>A worker's lane.</summary>
    Lane,

    /// <summary>A worker's process: readable when it has ended.</summary>
    Process,

    /// <summary>The lane to a successor.</summary>
    SuccessorLane,

    /// <summary>A successor's process.</summary>
    SuccessorProcess,

    /// <summary>The lane to the master that this one succeeds.</summary>
    PredecessorLane,

    /// <summary>The control socket's own poll handle.</summary>
    Control,

    /// <summary>A connection that is parked.</summary>
    Parked,
}
