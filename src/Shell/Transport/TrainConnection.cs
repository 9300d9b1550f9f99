using System.IO.Pipelines;

namespace Trainyard.Shell;

/// <summary>Trains both ways over a pipe of any making: a socket's, a TLS stream's, one in memory.</summary>
/// <param name="pipe">The pipe; nobody else uses it meanwhile.</param>
/// <param name="maximumLength">The longest body accepted, in bytes, <c>0 ..= 2^24 - 1</c>.</param>
/// <remarks>One may read while another writes; each direction is for one at a time.</remarks>
public sealed class TrainConnection(IDuplexPipe pipe, int maximumLength) : IAsyncDisposable
{
    /// <summary>The trains that come.</summary>
    public TrainReader Reader { get; } = new(pipe.Input, maximumLength);

    /// <summary>The trains that go.</summary>
    public TrainWriter Writer { get; } = new(pipe.Output);

    /// <summary>Ends both directions.</summary>
    public async ValueTask DisposeAsync()
    {
        await Writer.CompleteAsync().ConfigureAwait(false);
        await Reader.CompleteAsync().ConfigureAwait(false);
    }
}
