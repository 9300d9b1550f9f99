using System.IO.Pipelines;
using Trainyard.Core.Framing;

namespace Trainyard.Shell;

/// <summary>Reads trains from a pipe, one after another, without copying their bodies.</summary>
/// <remarks>
/// What is held of a train that is still coming is bounded by the limit: a longer one is refused by its header. Not thread-safe: one call at a
/// time. Nobody else reads the pipe meanwhile.
/// </remarks>
public sealed class TrainReader
{
    private readonly PipeReader _input;
    private readonly TrainLimits _limits;
    private SequencePosition? _behind;

    /// <summary>A reader of trains of any kind.</summary>
    /// <param name="input">Where they come from.</param>
    /// <param name="maximumLength">The longest body accepted, in bytes, <c>0 ..= 2^24 - 1</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumLength"/> is outside its bounds.</exception>
    public TrainReader(PipeReader input, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumLength, TrainHeader.MaximumLength);
        _input = input;
        _limits = TrainLimits.Create(maximumLength).IfLeft(default(TrainLimits));
    }

    /// <summary>Reads the next train. The body of the one before is given back.</summary>
    /// <param name="cancellationToken">Gives up; nothing is lost, and the next call goes on.</param>
    /// <returns>The train; <c>null</c> where the stream has ended between two trains.</returns>
    /// <exception cref="TransferException">
    /// <see cref="TransferFailure.Truncated"/>: the stream ended inside a train. <see cref="TransferFailure.Protocol"/>: one is longer than allowed.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token, or <see cref="PipeReader.CancelPendingRead"/>.</exception>
    public async ValueTask<Train?> ReadAsync(CancellationToken cancellationToken = default)
    {
        GiveBack();
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var decoding = TrainCodec.Decode(read.Buffer, _limits);
            if (decoding.Status == DecodeStatus.Done)
            {
                _behind = decoding.Body.End;
                return new Train(decoding.Header.Kind, decoding.Body);
            }
            var error = decoding.Status == DecodeStatus.Refused || read.IsCompleted ? decoding.AtEndOfStream() : null;
            _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (error is not null)
                throw Failure(error);
            if (read.IsCompleted)
                return null;
            if (read.IsCanceled)
                throw new OperationCanceledException();
        }
    }

    /// <summary>Ends reading: what has come and was not read is lost. The pipe's other side learns of it.</summary>
    /// <param name="failure">Why, if not in order.</param>
    public ValueTask CompleteAsync(Exception? failure = null)
    {
        GiveBack();
        return _input.CompleteAsync(failure);
    }

    private void GiveBack()
    {
        if (_behind is { } behind)
            _input.AdvanceTo(behind);
        _behind = null;
    }

    private static TransferException Failure(FramingError error) =>
        error switch
        {
            FramingError.Truncated(var got, var missing) =>
                new(TransferFailure.Truncated, $"the stream ended {got} bytes into a train, at least {missing} before its end"),
            FramingError.LengthOutOfRange(var announced, var limit) =>
                new(TransferFailure.Protocol, $"a train of {announced} bytes came, and no more than {limit} are allowed"),
            _ => new(TransferFailure.Protocol, $"no train came ({error})"),
        };
}
