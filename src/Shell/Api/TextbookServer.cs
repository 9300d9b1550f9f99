using System.Net;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving;

namespace Trainyard.Shell;

/// <summary>
/// A pool of worker processes that sends one file to everybody who connects. It listens from the moment it is made, and serves from
/// <see cref="Run"/> or <see cref="Start"/> on.
/// </summary>
/// <remarks>Thread-safe. One server a call of <see cref="Run"/>; a process may have several servers.</remarks>
public sealed class TextbookServer : IDisposable
{
    private readonly WorkerPool _pool;

    /// <summary>Checks the file and begins to listen.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="TransferException">The file cannot be served, or the address not be had.</exception>
    public TextbookServer(TextbookServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new TextbookSettings(options.Dialect, Strategy(options), options.NoProgressLimit, PathOf(options));
        _pool = new WorkerPool(new()
        {
            Service = TextbookService.Name,
            Settings = settings.Encode().Bytes,
            Listen = [options.Listen],
            Processes = options.Workers,
            Threads = options.Threads,
            Slots = options.Slots,
            Backlog = options.Backlog,
            MaximumWait = options.MaximumWait,
            Limits = options.Limits,
            DrainPatience = options.DrainPatience,
            RunAs = options.RunAs,
            Standalone = options.Standalone,
            Control = options.Control,
            WorkerProgram = options.WorkerProgram,
            Logger = options.Logger,
        });
        CheckAddress();
        CheckReadable(options);
        _pool.ConnectionEnded += (_, ended) => TransferEnded?.Invoke(this, ended);
    }

    /// <summary>The most workers of one thread that a server can have.</summary>
    public static int MaximumWorkers => WorkerPool.MaximumProcesses(threads: 1);

    /// <summary>The most connections that a thread can carry at once.</summary>
    public static int MaximumSlots => WorkerPool.MaximumSlots;

    /// <summary>The most processes that a server can have with so many threads each: one that leads several threads counts as one more.</summary>
    public static int MaximumProcesses(int threads) => WorkerPool.MaximumProcesses(threads);

    /// <summary>Raised when a connection ends, on the server's own thread: what handles it must not wait.</summary>
    public event EventHandler<TransferEnded>? TransferEnded;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_pool.EndPoints[0];

    /// <summary>Where its control socket is; <c>null</c> where there is none.</summary>
    public string? ControlPath => _pool.ControlPath;

    /// <summary>Serves on the calling thread until a signal, <see cref="Drain"/> or <see cref="StopNow"/> ends it.</summary>
    /// <param name="handleSignals">Whether the process's signals are this server's, as in a program that does nothing else.</param>
    public ServerReport Run(bool handleSignals) => _pool.Run(handleSignals);

    /// <summary>Serves on a thread of its own. Signals stay the program's.</summary>
    /// <returns>Completes when the server has ended.</returns>
    public Task<ServerReport> Start() => _pool.Start();

    /// <summary>Takes nothing new, lets running transfers finish, and ends.</summary>
    public void Drain() => _pool.Drain();

    /// <summary>Ends at once; running transfers are cut.</summary>
    public void StopNow() => _pool.StopNow();

    /// <summary>Releases the listening socket and the rest. Only after the server has ended, or where it was never run.</summary>
    public void Dispose() => _pool.Dispose();

    // Measured: with cars of 1000 bytes the copying sender needs two calls for 256 KiB where sendfile needs two a car.
    private static SendStrategy Strategy(TextbookServerOptions options) =>
        options.Send != SendStrategy.Auto ? options.Send
        : options.Dialect == Dialect.Whole ? SendStrategy.Sendfile
        : SendStrategy.Copy;

    private static string PathOf(TextbookServerOptions options)
    {
        if (options.Dialect == Dialect.Echo)
            return "";
        if (string.IsNullOrEmpty(options.File))
            throw new ArgumentException("this dialect needs a file to serve", nameof(options));
        var path = Path.GetFullPath(options.File);
        return FileNames.OfPath(path).Match(Right: _ => path, Left: refused => throw Unservable(options.File, TextbookErrorText.Sentence(refused)));
    }

    // The service manager may have passed any socket.
    private void CheckAddress()
    {
        if (_pool.EndPoints is [IPEndPoint])
            return;
        _pool.Dispose();
        throw new TransferException(TransferFailure.Listen, "a textbook server listens on one TCP socket");
    }

    // Not before the pool is made: workers read it as the user that the pool has taken on.
    private void CheckReadable(TextbookServerOptions options)
    {
        if (options.Dialect == Dialect.Echo)
            return;
        var (file, error) = ServedFile.Open(Path.GetFullPath(options.File!));
        if (file is not null)
        {
            file.Dispose();
            return;
        }
        _pool.Dispose();
        throw Unservable(options.File!, ErrnoText.Describe(error));
    }

    private static TransferException Unservable(string file, string why) => new(TransferFailure.LocalIO, $"cannot serve {file}: {why}");
}
