using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard get SOURCE... -</c>: files one after another to standard output.</summary>
internal sealed class GetToOutput(TransferChoices choices, Report report, Tally tally, CancellationToken cancellation)
{
    /// <summary>Writes them all. What has been written is verified only when the program ends well.</summary>
    /// <exception cref="UsageException">What was chosen means nothing for a stream.</exception>
    public async Task RunAsync(Servers servers, IReadOnlyList<RemoteSource> sources)
    {
        if (choices.Recursive || choices.Update || choices.NoClobber)
            throw new UsageException("standard output takes files: no -r, --update or --no-clobber");
        if (choices.Jobs > 1)
            throw new UsageException("standard output takes one after another: no --jobs");
        var items = new List<TransferItem>();
        var output = Console.OpenStandardOutput();
        await using (output.ConfigureAwait(false))
        {
            await RemoteTarget.ForEachAsync(servers, sources, tally, target =>
            {
                if (target.Entry?.Kind is RemoteEntryKind.Directory or RemoteEntryKind.Other)
                    report.Skipped($"{target.Address} is left out: no file");
                else if (target.Path.IsRoot)
                    throw new TransferException(TransferFailure.WrongKind, $"{target.Address} is a directory");
                else
                    items.Add(Item(target, output));
                return Task.CompletedTask;
            }, cancellation).ConfigureAwait(false);
            await new TransferSet("get", choices, report, tally).RunAsync(items, cancellation).ConfigureAwait(false);
        }
    }

    private TransferItem Item(RemoteTarget target, Stream output) =>
        new(target.Address.ToString(), "-", "-"u8.ToArray(), target.Path.Display, target.Entry?.Size, async progress => new TransferOutcome.File(
            await target.Client.DownloadAsync(
                target.Path, output, new DownloadOptions { IfIdentity = choices.IfIdentity, Digest = choices.Hash }, progress, cancellation).ConfigureAwait(false)));
}
