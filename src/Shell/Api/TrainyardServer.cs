using System.Net;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Serving.Native;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell;

/// <summary>
/// A pool of worker processes that serves a directory in the native protocol (docs/protocol.md). It listens from the moment it is made, and
/// serves from <see cref="Run"/> or <see cref="Start"/> on.
/// </summary>
/// <remarks>Thread-safe. One server a call of <see cref="Run"/>; a process may have several servers.</remarks>
public sealed class TrainyardServer : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly TrainyardServerOptions _options;

    /// <summary>Checks the directory and begins to listen.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="TransferException">The directory cannot be served, or an address not be had.</exception>
    public TrainyardServer(TrainyardServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var root = Path.GetFullPath(options.Root);
        var timeouts = new SessionTimeouts(options.RequestLimit, options.RequestLimit, options.IdleLimit, options.NoProgressLimit);
        _pool = new WorkerPool(new()
        {
            Service = NativeService.Name,
            Settings = new NativeSettings(root, options.ReadOnly, timeouts).Encode().Bytes,
            Listen = options.Listen,
            Processes = options.Processes,
            Threads = options.Threads,
            Slots = options.Slots,
            Backlog = options.Backlog,
            MaximumWait = options.MaximumWait,
            Limits = options.Limits,
            DrainPatience = options.DrainPatience,
            RunAs = options.RunAs,
            Standalone = options.Standalone,
            Control = options.Control,
            Farewell = NativeFarewell.For,
            WorkerProgram = options.WorkerProgram,
            Logger = options.Logger,
        });
        CheckReadable(root, options.ReadOnly);
        _pool.ConnectionEnded += (_, ended) => SessionEnded?.Invoke(this, ended);
    }

    /// <summary>Raised when a session ends, on the server's own thread: what handles it must not wait.</summary>
    public event EventHandler<TransferEnded>? SessionEnded;

    /// <summary>Where it listens, with the real ports, in the order of the options.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _pool.EndPoints;

    /// <summary>Where its control socket is; <c>null</c> where there is none.</summary>
    public string? ControlPath => _pool.ControlPath;

    /// <summary>Serves on the calling thread until a signal, <see cref="Drain"/> or <see cref="StopNow"/> ends it.</summary>
    /// <param name="handleSignals">Whether the process's signals are this server's, as in a program that does nothing else.</param>
    public ServerReport Run(bool handleSignals)
    {
        using var ended = new CancellationTokenSource();
        var care = Task.Run(() => RemoveStalePartials(ended.Token));
        try
        {
            return _pool.Run(handleSignals);
        }
        finally
        {
            ended.Cancel();
            care.Wait(CancellationToken.None);
        }
    }

    /// <summary>Serves on a thread of its own. Signals stay the program's.</summary>
    /// <returns>Completes when the server has ended.</returns>
    public Task<ServerReport> Start() =>
        Task.Factory.StartNew(() => Run(handleSignals: false), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes nothing new, lets running requests finish, and ends.</summary>
    public void Drain() => _pool.Drain();

    /// <summary>Ends at once; running requests are cut.</summary>
    public void StopNow() => _pool.StopNow();

    /// <summary>Releases the listening sockets and the rest. Only after the server has ended, or where it was never run.</summary>
    public void Dispose() => _pool.Dispose();

    private void RemoveStalePartials(CancellationToken cancellation)
    {
        if (_options.ReadOnly || _options.KeepPartials is not { } age)
            return;
        try
        {
            TreeScrub.RemoveStalePartials(_options.Root, age, cancellation);
        }
        catch (TransferException)
        {
            // The directory has gone since the start: whoever asks for a file is told.
        }
    }

    // Not before the pool is made: workers read it as the user that the pool has taken on.
    private void CheckReadable(string root, bool readOnly)
    {
        try
        {
            ServedTree.Open(root, readOnly).Dispose();
        }
        catch (TransferException)
        {
            _pool.Dispose();
            throw;
        }
    }
}
