namespace Trainyard.Shell.Worker;

/// <summary>A service that has something to put in order now and then, also while nobody asks for anything.</summary>
internal interface ITending
{
    /// <summary>Called about once a second, on the worker's own thread.</summary>
    void Tend();
}
