using Trainyard.Core.Textbook;
using Trainyard.Shell.Client;

namespace Trainyard.Shell;

/// <summary>A client of the textbook dialects. Thread-safe: each call has its own connection.</summary>
public static class TextbookClient
{
    /// <summary>Downloads the server's file into a directory, under the name that the server sends.</summary>
    /// <param name="options">Server, dialect, directory and strategy.</param>
    /// <param name="progress">Told some ten times a second; <c>null</c> tells nobody.</param>
    /// <param name="cancellationToken">Gives up: nothing of the file stays behind.</param>
    /// <returns>The file, whole and in place. A file of that name that was there before is replaced in one step.</returns>
    /// <exception cref="TransferException">It did not arrive whole; nothing of it stays behind.</exception>
    /// <exception cref="ArgumentException">The dialect is <see cref="Dialect.Echo"/>, which carries no file.</exception>
    public static Task<DownloadResult> DownloadAsync(
        TextbookClientOptions options, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Dialect == Dialect.Echo)
            throw new ArgumentException("the echo dialect carries no file", nameof(options));
        // The transfer blocks in system calls for as long as it takes: a thread of its own, not one of the pool's.
        return Task.Factory.StartNew(
            () => Download.Run(options, progress, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Sends a stream to an echo server, writes what comes back to another, and compares the two.</summary>
    /// <param name="options">Server and limits; the rest does not matter.</param>
    /// <param name="input">What to send, to its end; stays open.</param>
    /// <param name="output">Receives what comes back; stays open.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It did not come back whole and unaltered.</exception>
    public static Task<EchoResult> EchoAsync(
        TextbookClientOptions options, Stream input, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        return Echo.RunAsync(options, input, output, cancellationToken);
    }
}
