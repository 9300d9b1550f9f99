using Trainyard.Core.Lane;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell;

/// <summary>
/// Serves one connection. The worker's loop calls it when the connection is ready; it moves what it can and never waits, so that one
/// thread carries many. Used by one thread only.
/// </summary>
public interface IConnectionDriver : IDisposable
{
    /// <summary>What the connection waits for after <see cref="Advance"/> answered <see cref="DriverTurn.Blocked"/>.</summary>
    PollEvents Interest { get; }

    /// <summary>When to call <see cref="Advance"/> at the latest, ready or not; <c>null</c> is never.</summary>
    DateTimeOffset? Deadline { get; }

    /// <summary>How the connection ended; meaningful after <see cref="DriverTurn.Ended"/>.</summary>
    ConnectionReport Report { get; }

    /// <summary>Bytes moved since the last call. Counts as the worker's progress, by which a drain tells slow from stuck.</summary>
    ulong TakeProgress();

    /// <summary>
    /// The worker is to leave: bring the connection to an end as soon as its protocol lets you, an idle one at once. Called once at most,
    /// always before a call of <see cref="Advance"/>, which follows at once whatever the connection waits for.
    /// </summary>
    void BeginDrain()
    {
    }

    /// <summary>Moves as much as the connection takes, but no more than a fair turn.</summary>
    /// <param name="now">The time.</param>
    DriverTurn Advance(DateTimeOffset now);
}
