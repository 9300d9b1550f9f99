using Spectre.Console;
using Spectre.Console.Rendering;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>The live view of <c>status --watch</c>. It has the terminal's second screen to itself and gives the first one back as it was.</summary>
internal sealed class StatusWatch(ControlClient client, TimeSpan every)
{
    private const int RememberedRates = 120;
    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<double> _rates = [];

    /// <summary>Runs until <c>q</c>, Ctrl-C, or the server's end.</summary>
    /// <exception cref="Shell.TransferException">The server has gone.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Asked first, so that a server that cannot be asked is said on the screen that stays.
        var first = await StatusCommand.AskAsync(client, cancellation).ConfigureAwait(false);
        Exception? failure = null;
        Show(() =>
        {
            try
            {
                WatchAsync(first, cancellation).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is one of the two ways out.
            }
            catch (Shell.TransferException e)
            {
                failure = e;
            }
        });
        if (failure is not null)
            throw failure;
    }

    private static void Show(Action watch)
    {
        if (AnsiConsole.Profile.Capabilities is { Ansi: true, AlternateBuffer: true })
            AnsiConsole.AlternateScreen(watch);
        else
            watch();
    }

    private Task WatchAsync(StatusDocument first, CancellationToken cancellation) =>
        AnsiConsole.Live(Frame(first)).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (await PauseAsync(cancellation).ConfigureAwait(false))
            {
                var status = await StatusCommand.AskAsync(client, cancellation).ConfigureAwait(false);
                live.UpdateTarget(Frame(status));
            }
        });

    private Rows Frame(StatusDocument status)
    {
        _rates.Add(status.Counts.BytesPerSecond);
        if (_rates.Count > RememberedRates)
            _rates.RemoveAt(0);
        // A full last line or column makes some terminals scroll.
        var (width, height) = (Math.Max(1, AnsiConsole.Profile.Width - 1), Math.Max(2, AnsiConsole.Profile.Height - 1));
        return new Rows(WatchView.Draw(status, _rates, width, height).Select(line => (IRenderable)new Markup(line.ToMarkup(width))));
    }

    /// <summary>Waits for the next turn.</summary>
    /// <returns>Whether there is to be one.</returns>
    private async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < every; waited += KeyInterval)
        {
            if (!Console.IsInputRedirected && Console.KeyAvailable && Console.ReadKey(intercept: true).Key == ConsoleKey.Q)
                return false;
            await Task.Delay(KeyInterval < every ? KeyInterval : every, cancellation).ConfigureAwait(false);
        }
        return true;
    }
}
