namespace Trainyard.Shell.Worker;

/// <summary>A driver that makes use of having been waited for by the kernel.</summary>
internal interface IReported
{
    /// <summary>
    /// Bytes had come when the round began that its next turn belongs to (<see cref="IHasRounds"/>): the item that the connection goes on with was sent, or begun to be sent,
    /// before that.
    /// </summary>
    void Reported();
}
