using Trainyard.Shell.Client.Native;

namespace Trainyard.Shell;

/// <summary>A client of a Trainyard server: moves files and trees both ways, verified by digest and resumed after breaks.</summary>
/// <remarks>
/// Thread-safe: each call has a connection to itself, and connections are kept for later calls. Every failure is a
/// <see cref="TransferException"/>; what was cancelled throws <see cref="OperationCanceledException"/> and leaves what can be resumed.
/// </remarks>
public sealed partial class TrainyardClient : IAsyncDisposable
{
    private readonly SessionPool _pool;
    private int _isDisposed;

    private TrainyardClient(TrainAddress address, TrainyardClientOptions options)
    {
        Address = address;
        Options = options;
        _pool = new(address, options);
    }

    /// <summary>The server.</summary>
    public TrainAddress Address { get; }

    /// <summary>How the client behaves.</summary>
    public TrainyardClientOptions Options { get; }

    /// <summary>Connects to a server and says hello, so that a wrong address or credential shows at once.</summary>
    /// <param name="address">The server; the path in it is not looked at.</param>
    /// <param name="options">How to behave; <c>null</c> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">The server cannot be reached, or refuses the session.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option makes no sense.</exception>
    public static async Task<TrainyardClient> ConnectAsync(
        TrainAddress address, TrainyardClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BytesPerSecond ?? 1, 1);
        var client = new TrainyardClient(address, options);
        try
        {
            await client.RunAsync(
                null, (_, call) => new Attempts(client._pool, call) { RepeatsConnecting = false }.Run(static _ => true), cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the connections that wait for a call; those in use end with their call. No call can be begun any more.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _pool.Dispose();
        return ValueTask.CompletedTask;
    }

    // A call blocks in system calls for as long as it takes: a thread of its own, not one of the pool's.
    private Task<T> RunAsync<T>(IProgress<TransferProgress>? progress, Func<Attempts, Call, T> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return Task.Factory.StartNew(
            () =>
            {
                using var call = new Call(Options, progress, cancellation);
                return work(new Attempts(_pool, call), call);
            },
            cancellation,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }
}
