using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Trainyard.Server;

/// <summary>Ends a random worker of this process every 50 ms with SIGKILL, until it is disposed.</summary>
internal sealed class WorkerKiller : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _killing;

    /// <summary>Begins.</summary>
    public WorkerKiller() => _killing = Task.Run(KillAsync);

    /// <summary>How many it has ended.</summary>
    public int Killed { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _killing.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task KillAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                Killed += Workers() is { Length: > 0 } workers && Kill(workers[Random.Shared.Next(workers.Length)]) ? 1 : 0;
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private static bool Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The children of all threads of this process (proc(5)): it has no others.</summary>
    private static int[] Workers() =>
        [.. Directory.EnumerateDirectories("/proc/self/task")
            .SelectMany(static task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static pid => int.Parse(pid, CultureInfo.InvariantCulture))];
}
