using Trainyard.Core.Pool;

namespace Trainyard.Shell.Control;

/// <summary>The one place that puts into words why a request was not carried out.</summary>
internal static class ControlText
{
    /// <summary>A sentence.</summary>
    public static string Sentence(GoalFailure reason) => reason switch
    {
        GoalFailure.Superseded => "The number of workers was changed again in the meantime.",
        GoalFailure.SuccessorFailed => "The new server did not come up; this one goes on.",
        GoalFailure.Draining => "The server is being drained.",
        GoalFailure.DrainDeadline => "What stood still at the drain's deadline was cut.",
        GoalFailure.Stopped => "The server was stopped.",
        GoalFailure.CrashLoop => "The server ended because workers kept failing to start.",
        _ => "The server could not do it.",
    };
}
