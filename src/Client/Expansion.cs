using System.Runtime.CompilerServices;
using Trainyard.Core.Transfer;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Finds what a pattern matches, by asking for listings.</summary>
internal static class Expansion
{
    /// <summary>What the pattern of a source matches, in the server's order.</summary>
    /// <exception cref="TransferException">Nothing does (not found), or the directory that the pattern begins in cannot be listed.</exception>
    public static async Task<IReadOnlyList<RemoteEntry>> MatchesAsync(
        TrainyardClient client, RemoteSource source, Glob pattern, CancellationToken cancellation)
    {
        var matches = new List<RemoteEntry>();
        await foreach (var entry in WalkAsync(client, source.Address.Path, source.Address.Path, pattern, cancellation).ConfigureAwait(false))
            if (pattern.Matches(Below(source.Address.Path, entry.Path)) && (!source.IsDirectory || entry.Kind == RemoteEntryKind.Directory))
                matches.Add(entry);
        return matches.Count > 0
            ? matches
            : throw new TransferException(TransferFailure.NotFound, $"nothing at the server matches {source.Text}");
    }

    /// <summary>The rest of a path below a directory.</summary>
    /// <param name="directory">The root, or a directory that <paramref name="path"/> lies in.</param>
    /// <param name="path">The path.</param>
    public static ReadOnlySpan<byte> Below(TrainPath directory, TrainPath path) =>
        directory.IsRoot ? path.Bytes : path.Bytes[(directory.Bytes.Length + 1)..];

    // With "**" one listing brings everything; without it only those directories are listed that lead to a match.
    private static async IAsyncEnumerable<RemoteEntry> WalkAsync(
        TrainyardClient client, TrainPath directory, TrainPath start, Glob pattern, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var deeper = new List<TrainPath>();
        await foreach (var entry in client.ListAsync(directory, pattern.HasAnyDepth, cancellation).ConfigureAwait(false))
        {
            yield return entry;
            if (entry.Kind == RemoteEntryKind.Directory && !pattern.HasAnyDepth && pattern.MayMatchBelow(Below(start, entry.Path)))
                deeper.Add(entry.Path);
        }
        foreach (var next in deeper)
            await foreach (var entry in WalkAsync(client, next, start, pattern, cancellation).ConfigureAwait(false))
                yield return entry;
    }
}
