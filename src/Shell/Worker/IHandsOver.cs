namespace Trainyard.Shell.Worker;

/// <summary>A driver whose connection another worker can go on with, in this process, another, or another release of the program.</summary>
internal interface IHandsOver
{
    /// <summary>Whether it ever can: not where the connection has no journal.</summary>
    bool CanStop { get; }

    /// <summary>Since when there is nothing to do on the connection until its next byte; <c>null</c> while there is.</summary>
    DateTimeOffset? IdleSince { get; }

    /// <summary>Until when the next byte is waited for, in such a state; <c>null</c> is without limit.</summary>
    DateTimeOffset? IdleUntil { get; }

    /// <summary>Stops for good: everything that the next worker has to know is in the journal then. The driver is only disposed after that.</summary>
    /// <returns>Whether it has; not in the middle of something that only this worker can bring to an end.</returns>
    bool TryStop();
}
