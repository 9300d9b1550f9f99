using Trainyard.Core.Control;

namespace Trainyard.Shell.Control;

/// <summary>What a look at a control connection gave.</summary>
internal abstract record ControlReading
{
    private ControlReading() { }

    /// <summary>More must come.</summary>
    public sealed record Incomplete : ControlReading;

    /// <summary>The request's line is there.</summary>
    public sealed record Complete : ControlReading;

    /// <summary>What came is no request.</summary>
    public sealed record Wrong(ControlError Error) : ControlReading;

    /// <summary>The other side has gone.</summary>
    public sealed record Gone : ControlReading;
}
