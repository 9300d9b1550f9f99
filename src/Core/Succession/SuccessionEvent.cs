namespace Trainyard.Core.Succession;

/// <summary>What happens to a new master.</summary>
public enum SuccessionEvent
{
    /// <summary>Every worker that its pool should have is ready.</summary>
    Proven,

    /// <summary>The old master has said <see cref="SuccessionMessage.Relieve"/>.</summary>
    Relieved,

    /// <summary>The lane has ended, or says what nobody understands: there is no old master to consider any more.</summary>
    PredecessorGone,

    /// <summary>Its own pool has ended.</summary>
    PoolEnded,
}
