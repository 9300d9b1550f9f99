using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>pidfd_open(2), pidfd_send_signal(2), waitid(2), gettid(2), _exit(2).</content>
internal static unsafe partial class Libc
{
    internal const int WaitForPidfd = 3;
    internal const int WaitNoHang = 1;
    internal const int WaitExited = 4;
    internal const int ChildExited = 1;
    internal const int SignalInfoSize = 128;
    internal const int SignalInfoCodeOffset = 8;
    internal const int SignalInfoProcessOffset = 16;
    internal const int SignalInfoStatusOffset = 24;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint pidfd_open(nint number, int pid, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint pidfd_send_signal(nint number, SafeHandle pidfd, int sig, void* info, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int waitid(int idtype, SafeHandle id, byte* infop, int options);

    [LibraryImport(Library)]
    private static partial int gettid();

    [LibraryImport(Library)]
    private static partial void _exit(int status);

    /// <summary>The kernel's number of the calling thread, under which proc(5) tells of it.</summary>
    internal static int ThreadId() => gettid();

    /// <summary>Ends this process now, with all its threads, wherever they are: nothing is run, flushed or waited for.</summary>
    internal static void ExitNow(int status) => _exit(status);

    /// <summary>Refers to a process by descriptor, which is readable once the process has ended.</summary>
    /// <param name="processId">
    /// A child that was not waited for, so that its number cannot have been given to another process; or ourselves.
    /// </param>
    /// <returns>The descriptor; or no such process, out of descriptors, not implemented (before Linux 5.3).</returns>
    internal static DescriptorResult<ProcessDescriptor> OpenProcess(int processId) =>
        Owned<ProcessDescriptor>(nameof(pidfd_open), pidfd_open(SystemCall.PidfdOpen, processId, 0));

    /// <summary>Sends a signal to exactly this process.</summary>
    /// <returns><see cref="Errno.None"/>; <see cref="Errno.NoProcess"/> when it has ended; or not permitted.</returns>
    internal static Errno SendSignal(ProcessDescriptor process, Signal signal) =>
        Value(nameof(pidfd_send_signal), pidfd_send_signal(SystemCall.PidfdSendSignal, process, (int)signal, null, 0)).Error;

    /// <summary>Asks how a child is, and reaps it if it has ended. Never touches other children.</summary>
    /// <param name="process">A child of this process.</param>
    /// <param name="wait">Wait until it ends; else the answer may be <see cref="ProcessState.Running"/>.</param>
    internal static ProcessStatus Wait(ProcessDescriptor process, bool wait)
    {
        var info = stackalloc byte[SignalInfoSize];
        IoResult result;
        do
        {
            // With WNOHANG and nothing to tell, the kernel leaves a zero here.
            Unsafe.WriteUnaligned(info + SignalInfoProcessOffset, 0);
            result = Value(nameof(waitid), waitid(WaitForPidfd, process, info, WaitExited | (wait ? 0 : WaitNoHang)));
        }
        while (result.Error == Errno.Interrupted);

        if (result.Error == Errno.NoChild)
            return new(ProcessState.Lost, 0);
        if (!result.IsOk)
            throw new NativeException(nameof(waitid), result.Error);
        if (Unsafe.ReadUnaligned<int>(info + SignalInfoProcessOffset) == 0)
            return new(ProcessState.Running, 0);
        var code = Unsafe.ReadUnaligned<int>(info + SignalInfoCodeOffset);
        var state = code == ChildExited ? ProcessState.Exited : ProcessState.Killed;
        return new(state, Unsafe.ReadUnaligned<int>(info + SignalInfoStatusOffset));
    }
}
