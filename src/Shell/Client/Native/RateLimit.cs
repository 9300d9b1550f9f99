using Trainyard.Core.Machine;

namespace Trainyard.Shell.Client.Native;

/// <summary>Holds all connections of a client together to so many bytes a second. Thread-safe.</summary>
internal sealed class RateLimit
{
    // The bucket counts up to ten million tokens a second, so at high rates a token is worth more than a byte.
    private const double MostTokens = 1e6;
    // A full bucket holds a second's worth; only this part of it may go out at once, so that the rate is even.
    private const int PartsOfASecond = 8;

    private readonly Lock _lock = new();
    private readonly double _rate;
    private readonly long _bytesPerToken;
    private readonly TimeProvider _clock;
    private TokenBucket _bucket;
    private long _rest;

    /// <summary>A limit.</summary>
    /// <param name="bytesPerSecond">At least 1.</param>
    /// <param name="clock">Tells the time.</param>
    public RateLimit(long bytesPerSecond, TimeProvider clock)
    {
        _bytesPerToken = Math.Max(1, (long)Math.Ceiling(bytesPerSecond / MostTokens));
        _rate = (double)bytesPerSecond / _bytesPerToken;
        _clock = clock;
        Piece = (int)Math.Clamp(bytesPerSecond / PartsOfASecond, 1, 1024 * 1024);
    }

    /// <summary>How many bytes should move at most before <see cref="Moved"/> is called again.</summary>
    public int Piece { get; }

    /// <summary>Accounts for bytes that have moved.</summary>
    /// <returns>How long to move nothing more.</returns>
    public TimeSpan Moved(long bytes)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            _rest += bytes;
            var (tokens, rest) = Math.DivRem(_rest, _bytesPerToken);
            _rest = rest;
            _bucket = _bucket.Take(_rate, now, (int)Math.Min(tokens, int.MaxValue));
            var burst = TokenBucket.Burst(_rate);
            var free = _bucket.Holds(_rate, burst - burst / PartsOfASecond);
            return free > now ? free - now : TimeSpan.Zero;
        }
    }
}
