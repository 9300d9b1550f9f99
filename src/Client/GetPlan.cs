using System.Text;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>What <c>get</c> will fetch, and where each thing goes.</summary>
/// <remarks>
/// A file goes into the destination under its own name where the destination is a directory, ends in <c>/</c>, or gets several; else it takes
/// the destination's name. A directory always goes into the destination under its own name, so that the same command twice means the same;
/// one that is written with a <c>/</c> at its end, and the root, pour out their content.
/// </remarks>
internal sealed class GetPlan(TransferChoices choices, string destination, bool hasSeveral, Report report, CancellationToken cancellation)
{
    private readonly List<TransferItem> _items = [];
    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
    private TrainPath? _lastTree;

    /// <summary>All items, in the order of the command line.</summary>
    public IReadOnlyList<TransferItem> Items => _items;

    // Decided once, before anything is made there.
    private readonly bool _isInto = hasSeveral || destination.EndsWith('/') || Directory.Exists(destination);

    /// <summary>Adds what a source names.</summary>
    /// <exception cref="TransferException">It is not there, or is a directory and directories are not wanted.</exception>
    public async Task AddAsync(RemoteTarget target, bool isContent)
    {
        // A pattern such as ** matches a directory and then what lies in it, which has come with it.
        if (target.Entry is not null && _lastTree is { } tree && IsBelow(tree, target.Path))
            return;
        var kind = choices.Recursive ? await KindAsync(target).ConfigureAwait(false) : target.Entry?.Kind;
        if (kind == RemoteEntryKind.Directory)
            AddDirectory(target, isContent);
        else if (kind == RemoteEntryKind.Other)
            report.Skipped($"{target.Address} is left out: no file, directory or link");
        else if (isContent)
            throw new TransferException(
                TransferFailure.WrongKind, choices.Recursive ? $"{target.Address} is no directory" : $"{target.Address} is a directory (use -r for all that lies in it)");
        else
            AddFile(target);
    }

    private static bool IsBelow(TrainPath directory, TrainPath path) =>
        path.Bytes.Length > directory.Bytes.Length && path.Bytes.StartsWith(directory.Bytes) && path.Bytes[directory.Bytes.Length] == '/';

    // A link is fetched as what it leads to.
    private async Task<RemoteEntryKind> KindAsync(RemoteTarget target)
    {
        var kind = (await target.StatAsync(cancellation).ConfigureAwait(false)).Kind;
        return kind == RemoteEntryKind.Link && await RemoteDirectory.CanBeListedAsync(target.Client, target.Path, cancellation).ConfigureAwait(false)
            ? RemoteEntryKind.Directory
            : kind;
    }

    private void AddDirectory(RemoteTarget target, bool isContent)
    {
        if (!choices.Recursive)
        {
            report.Skipped($"{target.Address} is left out: a directory (use -r for all that lies in it)");
            return;
        }
        _lastTree = target.Path;
        var local = isContent ? destination : Into(target);
        Add(target, local, null, async progress =>
        {
            LocalNames.MakeDirectory(destination);
            return new TransferOutcome.Tree(
                await target.Client.DownloadTreeAsync(target.Path, local, choices.ForTree, progress, cancellation).ConfigureAwait(false));
        }, () => TreeAsync(target, local));
    }

    private void AddFile(RemoteTarget target)
    {
        if (_isInto && LocalNames.Of(target.Path.Name) is null)
        {
            AddByBytes(target);
            return;
        }
        var local = _isInto ? Into(target) : destination;
        var options = new DownloadOptions
        {
            Jobs = hasSeveral ? 1 : choices.Jobs,
            NoClobber = choices.NoClobber,
            IfIdentity = choices.IfIdentity,
            Digest = choices.Hash,
            Update = choices.Update,
        };
        Add(target, local, target.Entry?.Size, async progress =>
        {
            if (_isInto)
                LocalNames.MakeDirectory(destination);
            return new TransferOutcome.File(await target.Client.DownloadAsync(target.Path, local, options, progress, cancellation).ConfigureAwait(false));
        });
    }

    // A name that .NET cannot carry: fetched as a tree of one file, which keeps names as bytes.
    private void AddByBytes(RemoteTarget target)
    {
        var options = choices.ForTree with { Choose = entry => entry.Path == target.Path };
        var local = Path.Combine(destination, target.Address.At(target.Path).Path.Display);
        Add(target, local, target.Entry?.Size, async progress =>
        {
            var result = await target.Client.DownloadTreeAsync(target.Path.Parent, destination, options, progress, cancellation).ConfigureAwait(false);
            if (result is { Failures: [], Files: 0, Skipped: 0, Links: 0 })
                throw new TransferException(TransferFailure.NotFound, $"{target.Address} is not there");
            return new TransferOutcome.Tree(result);
        });
    }

    private string Into(RemoteTarget target) =>
        LocalNames.Of(target.Path.Name) is { } name
            ? Path.Combine(destination, name)
            : throw new TransferException(
                TransferFailure.LocalIO, $"the directory {target.Address} has a name that is not UTF-8: write / at its end for its content, or fetch its parent");

    private void Add(
        RemoteTarget target, string local, long? size, Func<IProgress<TransferProgress>?, Task<TransferOutcome>> run,
        Func<IAsyncEnumerable<(string, string, long)>>? preview = null)
    {
        if (!_targets.Add(Path.GetFullPath(local)))
            throw new UsageException($"two of the sources would become {LocalNames.Display(local)}");
        _items.Add(new(target.Address.ToString(), LocalNames.Display(local), Encoding.UTF8.GetBytes(local), target.Path.Display, size, run, preview));
    }

    private async IAsyncEnumerable<(string Source, string Target, long Size)> TreeAsync(RemoteTarget target, string local)
    {
        await foreach (var entry in target.Client.ListAsync(target.Path, recursive: true, cancellation).ConfigureAwait(false))
        {
            var name = Core.Textbook.SafeText.Of(Expansion.Below(target.Path, entry.Path));
            yield return (target.Address.At(entry.Path).ToString(), Path.Combine(LocalNames.Display(local), name), entry.Size);
        }
    }
}
