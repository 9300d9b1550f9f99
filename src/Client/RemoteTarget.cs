using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>One thing at a server that the command line names, by itself or through a pattern.</summary>
/// <param name="Client">The server's client.</param>
/// <param name="Address">The thing.</param>
/// <param name="Entry">What the server said of it; <c>null</c> where it was not asked.</param>
/// <param name="Base">The directory that the pattern begins in; for what was named by itself the one that it lies in.</param>
internal sealed record RemoteTarget(TrainyardClient Client, TrainAddress Address, RemoteEntry? Entry, TrainPath Base)
{
    /// <summary>The path.</summary>
    public TrainPath Path => Address.Path;

    /// <summary>The path as seen from <see cref="Base"/>; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => Path.IsRoot ? default : Expansion.Below(Base, Path);

    /// <summary>What the server says of it, asked at most once more.</summary>
    /// <exception cref="TransferException">There is no such thing.</exception>
    public async Task<RemoteEntry> StatAsync(CancellationToken cancellation) =>
        Entry ?? await Client.StatAsync(Path, cancellation).ConfigureAwait(false);

    /// <summary>Does something with all that sources name, in their order.</summary>
    /// <param name="servers">Connects.</param>
    /// <param name="sources">What is named.</param>
    /// <param name="tally">Remembers the failures.</param>
    /// <param name="action">Does it to one thing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="contentFirst">Whether what lies in a directory comes before the directory.</param>
    public static async Task ForEachAsync(
        Servers servers, IEnumerable<RemoteSource> sources, Tally tally, Func<RemoteTarget, Task> action, CancellationToken cancellation,
        bool contentFirst = false)
    {
        foreach (var source in sources)
            await tally.RunAsync(source.Text, async () =>
            {
                var targets = await ResolveAsync(servers, source, cancellation).ConfigureAwait(false);
                foreach (var target in contentFirst ? targets.Reverse() : targets)
                    await tally.RunAsync(target.Address.ToString(), () => action(target)).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    /// <summary>The things that a source names: one without asking the server, or all that its pattern matches.</summary>
    /// <exception cref="TransferException">The server cannot be reached, or nothing matches.</exception>
    public static async Task<IReadOnlyList<RemoteTarget>> ResolveAsync(Servers servers, RemoteSource source, CancellationToken cancellation)
    {
        var client = await servers.ConnectAsync(source.Address, cancellation).ConfigureAwait(false);
        if (source.Pattern is not { } pattern)
            return [new(client, source.Address, null, source.Address.Path.Parent)];
        var matches = await Expansion.MatchesAsync(client, source, pattern, cancellation).ConfigureAwait(false);
        return [.. matches.Select(entry => new RemoteTarget(client, source.Address.At(entry.Path), entry, source.Address.Path))];
    }
}
