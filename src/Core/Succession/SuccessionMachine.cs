using Trainyard.Core.Machine;

namespace Trainyard.Core.Succession;

/// <summary>How a new master takes over from an old one. Pure: same stage and event, same step.</summary>
/// <remarks>
/// The rules:
/// <list type="number">
/// <item>It accepts nothing before it has proven that it can serve, as long as there is an old master who can.</item>
/// <item>It says exactly one of Ready and Failed, and only to an old master that is there.</item>
/// <item>It leads as soon as the old master has let go or is gone, exactly once, and never before it accepts.</item>
/// <item>An event that does not fit its stage changes nothing.</item>
/// </list>
/// </remarks>
public static class SuccessionMachine
{
    /// <summary>The next stage, and what to do.</summary>
    public static (SuccessionStage Stage, Commands<SuccessionCommand> Commands) Step(SuccessionStage stage, SuccessionEvent ev) =>
        (stage, ev) switch
        {
            (SuccessionStage.Proving, SuccessionEvent.Proven) =>
                (SuccessionStage.Serving, [SuccessionCommand.BeginAccepting, SuccessionCommand.SayReady]),
            (SuccessionStage.Proving, SuccessionEvent.PredecessorGone) =>
                (SuccessionStage.Leading, [SuccessionCommand.BeginAccepting, SuccessionCommand.Lead]),
            (SuccessionStage.Proving, SuccessionEvent.PoolEnded) => (SuccessionStage.Failed, [SuccessionCommand.SayFailed]),
            (SuccessionStage.Serving, SuccessionEvent.Relieved or SuccessionEvent.PredecessorGone) =>
                (SuccessionStage.Leading, [SuccessionCommand.Lead]),
            _ => (stage, []),
        };
}
