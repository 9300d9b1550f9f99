namespace Trainyard.Core.Succession;

/// <summary>Where a new master is on its way to being the only one. It only ever moves downwards in this list.</summary>
public enum SuccessionStage
{
    /// <summary>It has the listeners and starts its workers; only the old master accepts.</summary>
    Proving,

    /// <summary>Both accept; the old master has been told.</summary>
    Serving,

    /// <summary>It is the master. Where every server starts that succeeds nobody.</summary>
    Leading,

    /// <summary>Its pool ended before it had proven itself.</summary>
    Failed,
}
