using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>One file or tree to be transferred.</summary>
/// <param name="Source">Where from, safe to print: an address, or a local path.</param>
/// <param name="Target">Where to, safe to print.</param>
/// <param name="TargetName">The target as it stands in a line of digests.</param>
/// <param name="Label">What a person recognises it by while it moves, safe to print.</param>
/// <param name="Size">Bytes of it, where they are known beforehand.</param>
/// <param name="RunAsync">Transfers it.</param>
/// <param name="PreviewAsync">Names what would be transferred, as pairs of source and target; <c>null</c> where that is the item itself.</param>
internal sealed record TransferItem(
    string Source,
    string Target,
    byte[] TargetName,
    string Label,
    long? Size,
    Func<IProgress<TransferProgress>?, Task<TransferOutcome>> RunAsync,
    Func<IAsyncEnumerable<(string Source, string Target, long Size)>>? PreviewAsync = null)
{
    /// <summary>Whether it is a tree.</summary>
    public bool IsTree => PreviewAsync is not null;
}

/// <summary>What became of an item.</summary>
internal abstract record TransferOutcome
{
    private TransferOutcome() { }

    /// <summary>A file.</summary>
    public sealed record File(TransferResult Result) : TransferOutcome;

    /// <summary>A file that was there and was not to be replaced.</summary>
    public sealed record Kept : TransferOutcome;

    /// <summary>A tree.</summary>
    public sealed record Tree(TreeResult Result) : TransferOutcome;
}
