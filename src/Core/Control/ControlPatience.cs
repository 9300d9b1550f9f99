namespace Trainyard.Core.Control;

/// <summary>How long a drain that was asked for waits for what makes no progress.</summary>
public abstract record ControlPatience
{
    private ControlPatience() { }

    /// <summary>As long as the server was configured to.</summary>
    public sealed record Configured : ControlPatience;

    /// <summary>So long, at least a millisecond.</summary>
    public sealed record Limit(TimeSpan Longest) : ControlPatience;

    /// <summary>Without a limit.</summary>
    public sealed record Endless : ControlPatience;

    /// <summary>The patience in force, given the configured one; <c>null</c> waits without limit.</summary>
    public TimeSpan? Resolve(TimeSpan? configured) => this switch
    {
        Limit(var longest) => longest,
        Endless => null,
        _ => configured,
    };
}
