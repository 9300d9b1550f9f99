namespace Trainyard.Shell;

/// <summary>What became of a tree.</summary>
/// <param name="Files">Files that were transferred whole.</param>
/// <param name="Skipped">Files that were the same already, or were not to be replaced.</param>
/// <param name="Directories">Directories that were made or found.</param>
/// <param name="Links">Symbolic links that were made.</param>
/// <param name="Bytes">Bytes of the files that were transferred.</param>
/// <param name="Failures">What failed, each with its reason; empty where all went well.</param>
/// <param name="Reconnects">How often a connection had to be made anew.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record TreeResult(
    long Files, long Skipped, long Directories, long Links, long Bytes, IReadOnlyList<TreeFailure> Failures, int Reconnects, TimeSpan Elapsed)
{
    /// <summary>Throws where something failed.</summary>
    /// <exception cref="TransferException"><see cref="TransferFailure.PartialSet"/>; or the one reason where nothing at all went well.</exception>
    public void ThrowIfPartial()
    {
        if (Failures.Count == 0)
            return;
        var first = Failures[0];
        var reason = Files + Skipped + Directories + Links == 0 && Failures.Count == 1 ? first.Error.Reason : TransferFailure.PartialSet;
        var others = Failures.Count == 1 ? "" : $" (and {Failures.Count - 1} more)";
        throw new TransferException(reason, $"{first.Display}: {first.Error.Message}{others}", first.Error);
    }
}

/// <summary>One entry of a tree that was not transferred.</summary>
/// <param name="Path">Its path in the tree, in bytes, below what was transferred.</param>
/// <param name="Error">Why.</param>
public sealed record TreeFailure(ReadOnlyMemory<byte> Path, TransferException Error)
{
    /// <summary>The path, safe to print.</summary>
    public string Display => Path.IsEmpty ? "." : Core.Textbook.SafeText.Of(Path.ToArray());
}
