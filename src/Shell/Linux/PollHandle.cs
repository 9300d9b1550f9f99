using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>Waits for the readiness of many descriptors at once (epoll(7)).</summary>
/// <remarks>
/// Safe to change from one thread while another waits. A descriptor leaves by itself only when its last duplicate is closed, and passing
/// a socket to another process makes a duplicate: call <see cref="Remove"/> before closing one that was passed on.
/// </remarks>
public sealed class PollHandle : IDisposable
{
    private readonly EpollDescriptor _epoll;

    private PollHandle(EpollDescriptor epoll) => _epoll = epoll;

    /// <summary>Makes an empty one.</summary>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    public static PollHandle Create() => new(Libc.EpollCreate());

    /// <summary>Begins to watch a descriptor.</summary>
    /// <param name="descriptor">A socket, pipe, eventfd or pidfd; not a regular file.</param>
    /// <param name="events">What to report, and how.</param>
    /// <param name="token">Comes back with every report.</param>
    /// <exception cref="NativeException">It is watched already, cannot be watched, or the system's limit of watches is reached.</exception>
    public void Add(SafeHandle descriptor, PollEvents events, ulong token) => Libc.EpollAdd(_epoll, descriptor, events, token);

    /// <summary>Begins to watch another poll handle: it is readable while something it watches is ready.</summary>
    internal void Add(PollHandle inner, ulong token) => Libc.EpollAdd(_epoll, inner._epoll, PollEvents.Readable, token);

    /// <summary>Changes what is reported, and arms a <see cref="PollEvents.OneShot"/> descriptor again.</summary>
    /// <exception cref="NativeException">It is not watched.</exception>
    public void Modify(SafeHandle descriptor, PollEvents events, ulong token) => Libc.EpollModify(_epoll, descriptor, events, token);

    /// <summary>Ends watching. Reports that a running <see cref="Wait"/> has taken already may still come.</summary>
    /// <exception cref="NativeException">It is not watched.</exception>
    public void Remove(SafeHandle descriptor) => Libc.EpollRemove(_epoll, descriptor);

    /// <summary>Waits until something is ready.</summary>
    /// <param name="ready">Receives at most 256 reports; the rest comes with the next call.</param>
    /// <param name="timeoutMs">Milliseconds to wait: 0 only looks, -1 waits without limit.</param>
    /// <returns>How many entries of <paramref name="ready"/> were filled; 0 when the time is over.</returns>
    public int Wait(Span<Readiness> ready, int timeoutMs) => Libc.EpollWait(_epoll, ready, timeoutMs);

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();
}
