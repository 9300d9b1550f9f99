using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>What became of the several things that one command line asks for. One failure does not end the others. Thread-safe.</summary>
/// <param name="report">Told of each failure.</param>
/// <param name="stopsAtFirst">Whether nothing is tried any more after a failure.</param>
internal sealed class Tally(Report report, bool stopsAtFirst = false)
{
    private readonly Lock _lock = new();
    private readonly HashSet<TransferFailure> _reasons = [];
    private int _done;
    private int _failed;

    /// <summary>Whether a failure came that every other thing would meet as well, so that they need not be tried.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>
    /// How the program ends: with the failures' reason where nothing was done and all failed alike, as a partial set where they differ or
    /// something was done.
    /// </summary>
    public int ExitCode
    {
        get
        {
            lock (_lock)
                return (int)(_failed == 0 ? Cli.ExitCode.Done : _done == 0 && _reasons.Count == 1 ? ExitCodes.Of(_reasons.Single()) : Cli.ExitCode.PartialSet);
        }
    }

    /// <summary>Does one thing, and says and remembers it if that fails.</summary>
    /// <param name="subject">What it is done to; safe to print.</param>
    /// <param name="action">Does it, and counts what it has <see cref="Done"/>.</param>
    public async Task RunAsync(string subject, Func<Task> action)
    {
        if (IsHopeless)
            return;
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (TransferException e)
        {
            Failed(subject, e);
        }
        catch (FormatException e)
        {
            // Names that are fine one by one can be too long together.
            Failed(subject, new TransferException(TransferFailure.Usage, e.Message, e));
        }
    }

    /// <summary>One thing is done.</summary>
    public void Done()
    {
        lock (_lock)
            _done++;
    }

    /// <summary>One thing failed.</summary>
    public void Failed(string subject, TransferException failure)
    {
        lock (_lock)
        {
            _failed++;
            _reasons.Add(failure.Reason);
            if (IsHopeless)
                return;
            IsHopeless = stopsAtFirst || failure.Reason is TransferFailure.Connect or TransferFailure.Auth or TransferFailure.Version;
        }
        report.Failed(subject, failure);
    }
}
