using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell;

/// <summary>Reads a served directory's files again and compares them with the digests that are kept of them. The server may run meanwhile.</summary>
/// <remarks>A file that no client has sent or fetched yet has no digest, and is not looked at. Thread-safe.</remarks>
public static class TreeScrub
{
    /// <summary>Reads the files.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="report">Called for each digest that is kept, in the order of the paths.</param>
    /// <param name="readOnly">Whether nothing may be written; else digests of files that are gone are forgotten.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="TransferException"><see cref="TransferFailure.LocalIO"/>: the directory cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static void Run(string root, Action<ScrubbedFile> report, bool readOnly = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(report);
        using var tree = ServedTree.Open(root, readOnly);
        var failure = tree.Scrub((path, algorithm, verdict) => report(new(path.Display, PublicOf(algorithm), PublicOf(verdict))), cancellationToken);
        if (failure is not null)
            throw new TransferException(TransferFailure.LocalIO, $"cannot read {root}: {failure.Sentence}");
    }

    /// <summary>Removes what transfers have left in a directory and nobody went on with. What is in use stays.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="olderThan">What was changed more recently stays.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many files were removed.</returns>
    /// <exception cref="TransferException"><see cref="TransferFailure.LocalIO"/>: the directory cannot be read.</exception>
    public static int RemoveStalePartials(string root, TimeSpan olderThan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        using var tree = ServedTree.Open(root, readOnly: false);
        return tree.CollectStale(DateTimeOffset.UtcNow - olderThan, cancellationToken);
    }

    private static DigestAlgorithm PublicOf(HashAlgorithm algorithm) =>
        algorithm switch
        {
            HashAlgorithm.Md5 => DigestAlgorithm.Md5,
            HashAlgorithm.Sha256 => DigestAlgorithm.Sha256,
            _ => DigestAlgorithm.Xxh128,
        };

    private static ScrubResult PublicOf(ScrubVerdict verdict) =>
        verdict switch
        {
            ScrubVerdict.Ok => ScrubResult.Whole,
            ScrubVerdict.Damaged => ScrubResult.Damaged,
            ScrubVerdict.ChangedSince => ScrubResult.Changed,
            _ => ScrubResult.Unreadable,
        };
}
