using System.Text;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>What <c>put</c> will send, and where each thing goes.</summary>
/// <remarks>
/// A file goes into the address under its own name where that is a directory, ends in <c>/</c>, or gets several; else it takes the address's
/// name. A directory always goes into the address under its own name, so that the same command twice means the same; one that is
/// written with a <c>/</c> at its end, or as <c>.</c> or <c>..</c>, pours out its content.
/// </remarks>
internal sealed class PutPlan(TrainyardClient client, TrainAddress destination, bool isInto, TransferChoices choices, CancellationToken cancellation)
{
    private const string StandardInput = "-";

    private readonly List<TransferItem> _items = [];
    private readonly HashSet<TrainPath> _targets = [];

    /// <summary>All items, in the order of the command line.</summary>
    public IReadOnlyList<TransferItem> Items => _items;

    /// <summary>Adds a local source.</summary>
    /// <exception cref="TransferException">It is not there, or is a directory and directories are not wanted.</exception>
    public void Add(string source)
    {
        if (source == StandardInput)
            AddInput();
        else if (Directory.Exists(source))
            AddDirectory(source);
        else
            AddFile(source);
    }

    private void AddInput()
    {
        if (isInto)
            throw new UsageException("standard input has no name: the address must end in one that is no directory");
        Add(StandardInput, destination.Path, null, async progress =>
        {
            var input = Console.OpenStandardInput();
            await using (input.ConfigureAwait(false))
                return new TransferOutcome.File(await client.UploadAsync(input, destination.Path, Options, progress, cancellation).ConfigureAwait(false));
        });
    }

    private void AddDirectory(string source)
    {
        if (!choices.Recursive)
            throw new TransferException(TransferFailure.WrongKind, $"{LocalNames.Display(source)} is a directory (use -r for all that lies in it)");
        var target = destination.Path.Join(Encoding.UTF8.GetBytes(LocalNames.NameOf(source)));
        Add(source, target, null, async progress => new TransferOutcome.Tree(
            await client.UploadTreeAsync(source, target, choices.ForTree, progress, cancellation).ConfigureAwait(false)),
            () => Tree(source, target).ToAsyncEnumerable());
    }

    private void AddFile(string source)
    {
        var file = new FileInfo(source);
        if (!file.Exists)
            throw new TransferException(TransferFailure.LocalIO, $"{LocalNames.Display(source)} is not there");
        var target = isInto ? destination.Path.Join(Encoding.UTF8.GetBytes(file.Name)) : destination.Path;
        Add(source, target, file.Length, async progress =>
            new TransferOutcome.File(await client.UploadAsync(source, target, Options, progress, cancellation).ConfigureAwait(false)));
    }

    private UploadOptions Options =>
        new() { NoClobber = choices.NoClobber, IfIdentity = choices.IfIdentity, Digest = choices.Hash, Update = choices.Update };

    private void Add(
        string source, TrainPath target, long? size, Func<IProgress<TransferProgress>?, Task<TransferOutcome>> run,
        Func<IAsyncEnumerable<(string, string, long)>>? preview = null)
    {
        if (!_targets.Add(target))
            throw new UsageException($"two of the sources would become {target.Display}");
        var url = destination.At(target).ToString();
        _items.Add(new(LocalNames.Display(source), url, Encoding.UTF8.GetBytes(url), LocalNames.Display(source), size, run, preview));
    }

    // In the order that listings have: a directory before what lies in it. Links are named, not followed.
    private IEnumerable<(string Source, string Target, long Size)> Tree(string source, TrainPath target)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(source).EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"cannot read the directory {LocalNames.Display(source)}: {e.Message}", e);
        }
        foreach (var entry in entries)
        {
            var (local, remote) = (Path.Combine(source, entry.Name), target.Join(Encoding.UTF8.GetBytes(entry.Name)));
            var isLink = entry.LinkTarget is not null;
            yield return (LocalNames.Display(local), destination.At(remote).ToString(), !isLink && entry is FileInfo { Exists: true } file ? file.Length : 0);
            if (!isLink && entry is DirectoryInfo)
                foreach (var inner in Tree(local, remote))
                    yield return inner;
        }
    }
}
