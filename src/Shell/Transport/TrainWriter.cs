using System.IO.Pipelines;
using Trainyard.Core.Framing;

namespace Trainyard.Shell;

/// <summary>Writes trains into a pipe. Not thread-safe: one call at a time, and nobody else writes the pipe meanwhile.</summary>
/// <param name="output">Where they go.</param>
public sealed class TrainWriter(PipeWriter output)
{
    /// <summary>Writes a train and sees it off: waits while the pipe is full.</summary>
    /// <param name="kind">What it carries.</param>
    /// <param name="body">Its body, at most 2^24 - 1 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; the train stays written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The body is too long.</exception>
    /// <exception cref="TransferException"><see cref="TransferFailure.Interrupted"/>: nobody reads any more.</exception>
    /// <exception cref="OperationCanceledException">The token, or <see cref="PipeWriter.CancelPendingFlush"/>.</exception>
    public ValueTask WriteAsync(TrainKind kind, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        Write(kind, body.Span);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Writes a train that leaves with the next <see cref="FlushAsync"/>, so that small ones leave together.</summary>
    /// <param name="kind">What it carries.</param>
    /// <param name="body">Its body, at most 2^24 - 1 bytes; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The body is too long; nothing was written.</exception>
    public void Write(TrainKind kind, ReadOnlySpan<byte> body)
    {
        if (TrainCodec.Write(output, kind, body) is not null)
            throw new ArgumentOutOfRangeException(nameof(body), body.Length, $"a body has at most {TrainHeader.MaximumLength} bytes");
    }

    /// <summary>Sees off what was written: waits while the pipe is full.</summary>
    /// <exception cref="TransferException"><see cref="TransferFailure.Interrupted"/>: nobody reads any more.</exception>
    /// <exception cref="OperationCanceledException">The token, or <see cref="PipeWriter.CancelPendingFlush"/>.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushed = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCanceled)
            throw new OperationCanceledException();
        if (flushed.IsCompleted)
            throw new TransferException(TransferFailure.Interrupted, "nobody reads the trains any more");
    }

    /// <summary>Ends writing: the other side reads what was written, and then the end.</summary>
    /// <param name="failure">Why, if not in order.</param>
    public ValueTask CompleteAsync(Exception? failure = null) => output.CompleteAsync(failure);
}
