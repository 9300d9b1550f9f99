using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Transfers what the command line names, one after another or several at once, and says what became of it.</summary>
internal sealed class TransferSet(string verb, TransferChoices choices, Report report, Tally tally)
{
    private readonly TransferPrinter _printer = new(verb, report, tally);

    /// <summary>Transfers them all.</summary>
    /// <exception cref="InterruptedException">Ctrl-C.</exception>
    public async Task RunAsync(IReadOnlyList<TransferItem> items, CancellationToken cancellation)
    {
        if (items.Count == 0)
            return;
        if (choices.DryRun)
        {
            await PreviewAsync(items).ConfigureAwait(false);
            return;
        }
        report.Hold();
        try
        {
            await TransferDisplay.RunAsync(report.MayDisplay, items[0].Label, async total =>
            {
                if (total is null)
                    report.Release();
                await TransferAsync(items, total, cancellation).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new InterruptedException(
                items is [{ IsTree: false }]
                    ? $"interrupted; what has moved of {items[0].Source} is kept, and the same command resumes"
                    : "interrupted; what has moved is kept, and the same command with --update goes on");
        }
        finally
        {
            report.Release();
        }
        _printer.Summarise();
    }

    // Several files go side by side; of one file, or of trees, the parts do.
    private Task TransferAsync(IReadOnlyList<TransferItem> items, IProgress<TransferProgress>? total, CancellationToken cancellation)
    {
        var progress = total is null ? null : new SetProgress(total, items);
        var atOnce = items.Any(static item => item.IsTree) ? 1 : choices.Jobs;
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(Enumerable.Range(0, items.Count), options, async (at, _) =>
        {
            await tally.RunAsync(items[at].Source, async () =>
                _printer.Print(items[at], await OutcomeAsync(items, at, progress?.Of(at)).ConfigureAwait(false))).ConfigureAwait(false);
            progress?.Ended(at);
        });
    }

    private async Task<TransferOutcome> OutcomeAsync(IReadOnlyList<TransferItem> items, int at, IProgress<TransferProgress>? progress)
    {
        try
        {
            report.Note($"{verb} {items[at].Source} -> {items[at].Target}");
            return await items[at].RunAsync(progress).ConfigureAwait(false);
        }
        catch (TransferException e) when (e.Reason == TransferFailure.Exists && choices.NoClobber && items.Count > 1)
        {
            return new TransferOutcome.Kept();
        }
    }

    private async Task PreviewAsync(IReadOnlyList<TransferItem> items)
    {
        foreach (var item in items)
            await tally.RunAsync(item.Source, async () =>
            {
                if (item.PreviewAsync is null)
                    _printer.Preview(item.Source, item.Target, item.Size);
                else
                    await foreach (var (source, target, size) in item.PreviewAsync().ConfigureAwait(false))
                        _printer.Preview(source, target, size);
                tally.Done();
            }).ConfigureAwait(false);
    }
}
