using System.Diagnostics;
using System.Globalization;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>The servers that one command line names, each connected to when it is first needed. Not thread-safe.</summary>
internal sealed class Servers(TrainyardClientOptions options, Report report) : IAsyncDisposable
{
    private readonly Dictionary<string, TrainyardClient> _clients = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The client of an address's server.</summary>
    /// <exception cref="TransferException">It cannot be reached.</exception>
    public async Task<TrainyardClient> ConnectAsync(TrainAddress address, CancellationToken cancellation)
    {
        if (_clients.TryGetValue(address.Server, out var known))
            return known;
        var clock = Stopwatch.StartNew();
        var client = await TrainyardClient.ConnectAsync(address, options, cancellation).ConfigureAwait(false);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"connected to {address.Server} in {clock.Elapsed.TotalMilliseconds:0.#} ms"));
        return _clients[address.Server] = client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            await client.DisposeAsync().ConfigureAwait(false);
    }
}
