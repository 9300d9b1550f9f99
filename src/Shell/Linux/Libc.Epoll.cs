using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>epoll(7).</content>
internal static unsafe partial class Libc
{
    internal const int EpollCloseOnExec = 0x80000;
    internal const int EpollAddOperation = 1;
    internal const int EpollRemoveOperation = 2;
    internal const int EpollModifyOperation = 3;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x86-64 and nowhere else.
    internal static readonly int EpollDataOffset = IsX64 ? 4 : 8;
    internal static readonly int EpollEventSize = IsX64 ? 12 : 16;

    private const int LargestEpollEventSize = 16;
    private const int EpollBatch = 256;

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_ctl(EpollDescriptor epfd, int op, SafeHandle fd, byte* ev);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_wait(EpollDescriptor epfd, byte* events, int maxevents, int timeout);

    internal static EpollDescriptor EpollCreate() =>
        Own<EpollDescriptor>((int)Required(nameof(epoll_create1), epoll_create1(EpollCloseOnExec)));

    internal static void EpollAdd(EpollDescriptor epoll, SafeHandle descriptor, PollEvents events, ulong token) =>
        EpollControl(epoll, EpollAddOperation, descriptor, events, token);

    internal static void EpollModify(EpollDescriptor epoll, SafeHandle descriptor, PollEvents events, ulong token) =>
        EpollControl(epoll, EpollModifyOperation, descriptor, events, token);

    internal static void EpollRemove(EpollDescriptor epoll, SafeHandle descriptor) =>
        EpollControl(epoll, EpollRemoveOperation, descriptor, PollEvents.None, token: 0);

    /// <summary>See <see cref="PollHandle.Wait"/>.</summary>
    internal static int EpollWait(EpollDescriptor epoll, Span<Readiness> ready, int timeoutMs)
    {
        var events = stackalloc byte[EpollBatch * LargestEpollEventSize];
        var deadline = new Deadline(timeoutMs);
        var remainingMs = timeoutMs;
        while (true)
        {
            var count = epoll_wait(epoll, events, Math.Min(ready.Length, EpollBatch), remainingMs);
            if (count >= 0)
                return Unpack(events, ready[..count]);
            if (LastError is var error and not Errno.Interrupted)
                throw new NativeException(nameof(epoll_wait), error);
            remainingMs = deadline.RemainingMs;
        }
    }

    private static void EpollControl(EpollDescriptor epoll, int operation, SafeHandle descriptor, PollEvents events, ulong token)
    {
        var ev = stackalloc byte[LargestEpollEventSize];
        Unsafe.WriteUnaligned(ev, (uint)events);
        Unsafe.WriteUnaligned(ev + EpollDataOffset, token);
        Required(nameof(epoll_ctl), epoll_ctl(epoll, operation, descriptor, ev));
    }

    private static int Unpack(byte* events, Span<Readiness> ready)
    {
        for (var i = 0; i < ready.Length; i++)
        {
            var entry = events + i * EpollEventSize;
            ready[i] = new(Unsafe.ReadUnaligned<ulong>(entry + EpollDataOffset), (PollEvents)Unsafe.ReadUnaligned<uint>(entry));
        }
        return ready.Length;
    }
}
