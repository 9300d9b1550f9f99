namespace Trainyard.Core.Pool;

/// <summary>How far the serving of a connection has come, and so what can still be said to its client.</summary>
public enum Headway
{
    /// <summary>No worker has begun it.</summary>
    None,

    /// <summary>It stands between two answers: its client can be told something.</summary>
    Idle,

    /// <summary>It stands anywhere in what is served on it: whoever ends it cuts it.</summary>
    Midway,
}
