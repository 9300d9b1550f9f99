using System.Diagnostics;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>One download: connect, receive by the chosen strategy, judge, publish.</summary>
internal static class Download
{
    /// <summary>Runs it on the calling thread.</summary>
    public static DownloadResult Run(TextbookClientOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var target = new DownloadTarget(options.Directory, options.Digest, progress);
        using var connection = ClientConnection.Open(options, cancellation);
        var local = Libc.LocalEndPoint(connection.Socket);
        using var receiver = NewReceiver(options.Receive);
        var end = receiver.Receive(connection, target, ReceiverState.Start(options.Dialect));
        if (end.Error is { } error)
            throw Failure(options, error);
        var digest = target.Finish();
        var name = end.Name!;
        return new DownloadResult(
            Path.Combine(options.Directory, System.Text.Encoding.UTF8.GetString(name.Span)),
            name.Display,
            end.Received,
            digest,
            Stopwatch.GetElapsedTime(began),
            local!);
    }

    private static IFileReceiver NewReceiver(ReceiveStrategy strategy) =>
        strategy switch
        {
            ReceiveStrategy.Mmap => new MmapReceiver(),
            ReceiveStrategy.Splice => new SpliceReceiver(),
            _ => new CopyReceiver(),
        };

    private static TransferException Failure(TextbookClientOptions options, ReceiverError error)
    {
        var reason = error switch
        {
            ReceiverError.Truncated or ReceiverError.ConnectionLost => TransferFailure.Truncated,
            _ => TransferFailure.Protocol,
        };
        var text = error is ReceiverError.ConnectionLost(var errno)
            ? $"the connection broke before the file was whole: {ErrnoText.Describe((Errno)errno)}"
            : TextbookErrorText.Sentence(error);
        return new TransferException(reason, $"{options.Server}: {text}");
    }
}
