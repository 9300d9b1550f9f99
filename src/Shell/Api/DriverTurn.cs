namespace Trainyard.Shell;

/// <summary>How a driver's turn ended.</summary>
public enum DriverTurn
{
    /// <summary>It waits for <see cref="IConnectionDriver.Interest"/>.</summary>
    Blocked,

    /// <summary>It could go on at once; others come first.</summary>
    Yielded,

    /// <summary>The connection has ended.</summary>
    Ended,
}
