using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>poll(2), for a caller that waits for one or two descriptors.</content>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    private static partial int poll(PollDescriptor* fds, nuint nfds, int timeout);

    /// <summary>Waits for one descriptor.</summary>
    /// <param name="descriptor">What to wait for.</param>
    /// <param name="interest">
    /// <see cref="PollEvents.Readable"/>, <see cref="PollEvents.Writable"/>, <see cref="PollEvents.PeerClosedWriting"/>.
    /// </param>
    /// <param name="timeoutMs">Milliseconds to wait: 0 only looks, -1 waits without limit.</param>
    /// <returns>What it is ready for; <see cref="PollEvents.None"/> when the time is over.</returns>
    internal static PollEvents Poll(SafeHandle descriptor, PollEvents interest, int timeoutMs)
    {
        using var held = new HeldDescriptor(descriptor);
        var entry = new PollDescriptor(held.Number, interest);
        PollAll(&entry, 1, timeoutMs);
        return entry.Ready;
    }

    /// <summary>Waits until at least one of two descriptors is ready.</summary>
    /// <inheritdoc cref="Poll(SafeHandle, PollEvents, int)"/>
    internal static (PollEvents First, PollEvents Second) Poll(
        SafeHandle first, PollEvents firstInterest, SafeHandle second, PollEvents secondInterest, int timeoutMs)
    {
        using var heldFirst = new HeldDescriptor(first);
        using var heldSecond = new HeldDescriptor(second);
        var entries = stackalloc PollDescriptor[2];
        entries[0] = new(heldFirst.Number, firstInterest);
        entries[1] = new(heldSecond.Number, secondInterest);
        PollAll(entries, 2, timeoutMs);
        return (entries[0].Ready, entries[1].Ready);
    }

    private static void PollAll(PollDescriptor* entries, nuint count, int timeoutMs)
    {
        var deadline = new Deadline(timeoutMs);
        var remainingMs = timeoutMs;
        while (poll(entries, count, remainingMs) < 0)
        {
            if (LastError is var error and not Errno.Interrupted)
                throw new NativeException(nameof(poll), error);
            remainingMs = deadline.RemainingMs;
        }
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor(int number, PollEvents interest)
    {
        internal int Number = number;
        internal ushort Interest = (ushort)interest;
        internal ushort Returned;

        internal readonly PollEvents Ready => (PollEvents)Returned;
    }
}
