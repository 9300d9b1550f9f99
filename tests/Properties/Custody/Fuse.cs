namespace Trainyard.Properties.Custody;

/// <summary>The life of a process, counted in the smallest steps that can be told apart from outside: a byte stored, queued or read, a change made.</summary>
/// <param name="steps">How many are left before it is killed.</param>
internal sealed class Fuse(int steps)
{
    private int _steps = steps;

    /// <summary>A process that nobody kills.</summary>
    internal static Fuse Endless => new(int.MaxValue);

    /// <summary>Whether it is dead: nothing that it does has any effect.</summary>
    internal bool IsBurnt { get; private set; }

    /// <summary>Wants to do so many steps.</summary>
    /// <returns>How many it does before it dies.</returns>
    internal int Take(int steps)
    {
        var taken = IsBurnt ? 0 : Math.Min(steps, _steps);
        _steps -= taken;
        IsBurnt |= taken < steps;
        return taken;
    }

    /// <summary>Does one step.</summary>
    /// <returns>Whether it was done.</returns>
    internal bool Burn() => Take(1) == 1;
}
