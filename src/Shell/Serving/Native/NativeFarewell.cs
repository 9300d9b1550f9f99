using Trainyard.Core.Pool;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Diagnostics;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What a client is told that the pool refuses: ERROR, in place of the server's hello, with the time after which to try again.</summary>
internal static class NativeFarewell
{
    /// <summary>The train.</summary>
    public static ReadOnlyMemory<byte> For(RejectReason reason)
    {
        var failure = reason switch
        {
            RejectReason.Idle => Failure.Of(ErrorCode.Timeout, EndText.Describe(reason)),
            RejectReason.Quarantined => Failure.Of(ErrorCode.Internal, EndText.Describe(reason)),
            RejectReason.Interrupted => Failure.Of(ErrorCode.Interrupted, EndText.Describe(reason)),
            _ => new(ErrorCode.Busy, EndText.Describe(reason), IsRetryable: true, RetryAfter(reason)),
        };
        return MessageCodec.Encode(new Message.Error(failure), SessionLimits.LeastControl).Match(
            Right: static train => train,
            Left: static error => throw new InvalidOperationException(error.ToString()));
    }

    // A successor listens already when a server shuts down for an upgrade; a full one will have room when a transfer has ended.
    private static long RetryAfter(RejectReason reason) =>
        reason switch
        {
            RejectReason.ShuttingDown or RejectReason.NobodyTookIt => 200,
            RejectReason.TooManyFromAddress => 5000,
            _ => 1000,
        };
}
