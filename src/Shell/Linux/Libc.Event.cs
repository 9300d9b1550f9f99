using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>eventfd(2).</content>
internal static unsafe partial class Libc
{
    internal const int EventFlags = NonBlocking | EpollCloseOnExec;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int eventfd(uint initval, int flags);

    /// <summary>Makes a counter of zero that is readable while it is above zero. Non-blocking.</summary>
    /// <exception cref="NativeException">No descriptor or memory left.</exception>
    internal static EventDescriptor CreateEvent() => Own<EventDescriptor>((int)Required(nameof(eventfd), eventfd(0, EventFlags)));

    /// <summary>Adds one to the counter: whoever polls it wakes up. A full counter is left as it is, since it is readable anyway.</summary>
    internal static void SignalEvent(SafeHandle ev)
    {
        ulong one = 1;
        while (Value(nameof(write), write(ev, (byte*)&one, sizeof(ulong))).Error == Errno.Interrupted)
        {
        }
    }

    /// <summary>Sets the counter back to zero.</summary>
    /// <returns>What it was: how many signals came since the last time, 0 when none.</returns>
    internal static ulong DrainEvent(SafeHandle ev)
    {
        ulong count;
        IoResult result;
        do
            result = Value(nameof(read), read(ev, (byte*)&count, sizeof(ulong)));
        while (result.Error == Errno.Interrupted);
        return result.IsOk ? count : 0;
    }
}
