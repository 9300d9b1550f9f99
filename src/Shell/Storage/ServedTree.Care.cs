using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <content>What is done to the whole tree now and then.</content>
internal sealed partial class ServedTree
{
    /// <inheritdoc cref="Storage.Scrub.Run"/>
    public Failure? Scrub(Action<RemotePath, HashAlgorithm, ScrubVerdict> report, CancellationToken cancellation) =>
        Storage.Scrub.Run(_root, _readOnly, report, cancellation);

    /// <summary>Clears away what transfers have left that nobody went on with.</summary>
    /// <param name="before">What was changed at this time or later stays.</param>
    /// <param name="cancellation">Ends the walk early.</param>
    /// <returns>How many files were removed.</returns>
    public int CollectStale(DateTimeOffset before, CancellationToken cancellation) =>
        StalePartials.Collect(_root, (before - DateTimeOffset.UnixEpoch).Ticks * 100, cancellation);
}
