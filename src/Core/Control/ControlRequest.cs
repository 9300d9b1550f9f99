namespace Trainyard.Core.Control;

/// <summary>What an operator asks of a running server.</summary>
public abstract record ControlRequest
{
    private ControlRequest() { }

    /// <summary>Say how you are. Changes nothing.</summary>
    public sealed record Status : ControlRequest;

    /// <summary>Finish what runs, take nothing new, then end.</summary>
    public sealed record Drain(ControlPatience Patience) : ControlRequest;

    /// <summary>End at once; what runs is cut.</summary>
    public sealed record StopNow : ControlRequest;

    /// <summary>Replace every worker by a fresh one, replacement first.</summary>
    public sealed record Reload : ControlRequest;

    /// <summary>Hand over to a new master, then drain.</summary>
    public sealed record Upgrade(ControlPatience Patience) : ControlRequest;

    /// <summary>Have so many workers more, or fewer where negative. Never zero.</summary>
    public sealed record ResizeBy(int Delta) : ControlRequest;

    /// <summary>Have so many workers, <c>1 ..= </c><see cref="Pool.PoolPolicy.MostWorkers"/>.</summary>
    public sealed record ResizeTo(int Target) : ControlRequest;
}
