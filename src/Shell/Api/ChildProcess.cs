using Trainyard.Shell.Linux;

namespace Trainyard.Shell;

/// <summary>
/// A child process that inherits exactly the descriptors that it is given, which <see cref="System.Diagnostics.Process"/> cannot do, and
/// that is waited for and signalled by descriptor (pidfd_open(2)), so that its number can never come to mean another process.
/// </summary>
/// <remarks>The .NET runtime does not reap such a child: wait for it. Not thread-safe.</remarks>
public sealed class ChildProcess : IDisposable
{
    private readonly ProcessDescriptor _process;
    private ProcessStatus? _end;

    private ChildProcess(int id, ProcessDescriptor process)
    {
        Id = id;
        _process = process;
    }

    /// <summary>Its process id, for people.</summary>
    public int Id { get; }

    /// <summary>Readable once the process has ended, to wait for with a <see cref="PollHandle"/>.</summary>
    public Descriptor Ended => _process;

    /// <summary>Starts a program (posix_spawn(3)).</summary>
    /// <param name="program">The program and its arguments; the search path is not used.</param>
    /// <param name="inherited">Which of our descriptors it gets under which number from 3 on. Ours stay open and close-on-exec.</param>
    /// <returns>The child, whose exec has succeeded.</returns>
    /// <remarks>
    /// In the child standard input is /dev/null, standard output and error are ours, and nothing else is open; every signal has its
    /// default effect and none is blocked.
    /// </remarks>
    /// <exception cref="NativeException">The program cannot be executed, or there is no room for another process.</exception>
    public static ChildProcess Start(WorkerProgram program, params IReadOnlyList<(Descriptor Source, int Number)> inherited)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(inherited);
        var spawned = Libc.Spawn(
            program.Path, program.Arguments, environment: null, [.. inherited.Select(entry => ((System.Runtime.InteropServices.SafeHandle)entry.Source, entry.Number))]);
        if (!spawned.IsOk)
            throw new NativeException("posix_spawn", spawned.Error);
        return new ChildProcess(spawned.ProcessId, Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open"));
    }

    /// <summary>Sends it a signal (pidfd_send_signal(2)).</summary>
    /// <returns>Whether it was there to receive it.</returns>
    public bool Signal(Signal signal) => _end is null && Libc.SendSignal(_process, signal) == Errno.None;

    /// <summary>Asks how it is, without waiting, and reaps it if it has ended.</summary>
    public ProcessStatus Look() => Reap(wait: false);

    /// <summary>Waits until it has ended, and reaps it.</summary>
    public ProcessStatus Wait() => Reap(wait: true);

    /// <summary>Forgets it; it is neither ended nor reaped by that.</summary>
    public void Dispose() => _process.Dispose();

    private ProcessStatus Reap(bool wait)
    {
        if (_end is { } end)
            return end;
        var status = Libc.Wait(_process, wait);
        if (status.State != ProcessState.Running)
            _end = status;
        return status;
    }
}
