using System.Diagnostics;
using Spectre.Console;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>A transfer with its progress on standard error, where that is a terminal; without a word elsewhere.</summary>
internal static class TransferDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Transfers.</summary>
    /// <param name="mayDisplay">Whether the terminal may be used.</param>
    /// <param name="title">What is transferred; safe to print.</param>
    /// <param name="transfer">Does it, and tells how far it is.</param>
    public static async Task<T> RunAsync<T>(bool mayDisplay, string title, Func<IProgress<TransferProgress>?, Task<T>> transfer)
    {
        if (!mayDisplay)
            return await transfer(null).ConfigureAwait(false);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!console.Profile.Capabilities.Ansi)
            return await transfer(null).ConfigureAwait(false);
        var latest = new Latest();
        return await console.Live(new Text("")).AutoClear(true).StartAsync(async context =>
        {
            var running = transfer(latest);
            var (clock, meter) = (Stopwatch.StartNew(), new RateMeter());
            // The first look comes after one interval: what is done by then shows nothing, and the terminal does not flicker.
            while (await Task.WhenAny(running, Task.Delay(Interval)).ConfigureAwait(false) != running)
            {
                var progress = latest.Value;
                meter.Add(clock.Elapsed, progress.Bytes - progress.Resumed);
                context.UpdateTarget(TransferLines.Of(title, progress, meter.BytesPerSecond, console.Profile.Width));
            }
            return await running.ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    // Told on the transfer's own thread some ten times a second, read on another.
    private sealed class Latest : IProgress<TransferProgress>
    {
        private readonly Lock _lock = new();
        private TransferProgress _value;

        public TransferProgress Value
        {
            get
            {
                lock (_lock)
                    return _value;
            }
        }

        public void Report(TransferProgress value)
        {
            lock (_lock)
                _value = value;
        }
    }
}
