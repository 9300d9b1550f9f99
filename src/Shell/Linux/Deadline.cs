namespace Trainyard.Shell.Linux;

/// <summary>What is left of a timeout when an interrupted wait is started again.</summary>
internal readonly struct Deadline
{
    private readonly long _end;
    private readonly bool _isInfinite;

    /// <param name="timeoutMs">Milliseconds from now; negative means no limit.</param>
    internal Deadline(int timeoutMs)
    {
        _isInfinite = timeoutMs < 0;
        _end = Environment.TickCount64 + timeoutMs;
    }

    /// <summary>Milliseconds to hand to the kernel now; -1 without a limit, 0 when the time is over.</summary>
    internal int RemainingMs => _isInfinite ? -1 : (int)Math.Max(0, _end - Environment.TickCount64);
}
