namespace Trainyard.Client;

/// <summary>The rate of the last seconds. Bytes that an earlier call had brought are no part of it. Not thread-safe.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(300);

    private readonly Queue<(TimeSpan At, long Moved)> _samples = new();
    private (TimeSpan At, long Moved) _last;

    /// <summary>Bytes a second; <c>null</c> while there is too little to tell from.</summary>
    public double? BytesPerSecond =>
        _samples.TryPeek(out var first) && _last.At - first.At >= Shortest ? (_last.Moved - first.Moved) / (_last.At - first.At).TotalSeconds : null;

    /// <summary>How far the transfer is.</summary>
    /// <param name="at">When, on any steady clock.</param>
    /// <param name="moved">Bytes moved by this call up to now.</param>
    public void Add(TimeSpan at, long moved)
    {
        // Fewer than before: something began anew.
        if (moved < _last.Moved)
            _samples.Clear();
        _last = (at, moved);
        _samples.Enqueue(_last);
        while (at - _samples.Peek().At > Window)
            _samples.Dequeue();
    }
}
