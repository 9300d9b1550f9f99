namespace Trainyard.Core.Worker;

/// <summary>Why a worker ends; the value is its exit status.</summary>
public enum WorkerLeave
{
    /// <summary>It was told to and holds nothing.</summary>
    Finished = 0,

    /// <summary>
    /// One of its threads failed or hangs (EX_SOFTWARE of sysexits(3)). A thread cannot be ended from outside, so that its process ends with
    /// all that it holds.
    /// </summary>
    ThreadFailed = 70,

    /// <summary>Its configuration was not understood: it and its master are of different versions, or the settings are broken.</summary>
    NotConfigured = 78,
}
