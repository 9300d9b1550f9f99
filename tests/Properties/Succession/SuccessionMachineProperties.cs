using FsCheck.Xunit;
using Trainyard.Core.Succession;

namespace Trainyard.Properties.Succession;

/// <summary>Whatever happens in whatever order, a new master takes over once, in order, or not at all.</summary>
[Properties(MaxTest = 2000)]
public class SuccessionMachineProperties
{
    [Property]
    public bool Every_command_comes_at_most_once(SuccessionEvent[] events) =>
        Run(events) is var (_, said) && said.Distinct().Count() == said.Count;

    [Property]
    public bool It_says_ready_or_failed_but_not_both(SuccessionEvent[] events) =>
        Run(events) is var (_, said) && !(said.Contains(SuccessionCommand.SayReady) && said.Contains(SuccessionCommand.SayFailed));

    [Property]
    public bool It_accepts_before_it_leads_and_before_it_says_ready(SuccessionEvent[] events)
    {
        var (_, said) = Run(events);
        var accepting = said.IndexOf(SuccessionCommand.BeginAccepting);
        return said.All(command => command is SuccessionCommand.BeginAccepting or SuccessionCommand.SayFailed
            || accepting >= 0 && accepting < said.IndexOf(command));
    }

    [Property]
    public bool Without_a_proof_it_accepts_only_when_nobody_else_does(SuccessionEvent[] events)
    {
        var (_, said) = Run(events);
        return !said.Contains(SuccessionCommand.BeginAccepting)
            || events.Contains(SuccessionEvent.Proven) || events.Contains(SuccessionEvent.PredecessorGone);
    }

    [Property]
    public bool The_old_masters_end_always_ends_the_succession(SuccessionEvent[] events) =>
        Run([.. events, SuccessionEvent.PredecessorGone]).Stage is SuccessionStage.Leading or SuccessionStage.Failed;

    [Property]
    public bool It_never_goes_back(SuccessionEvent[] events)
    {
        var stage = SuccessionStage.Proving;
        foreach (var ev in events)
        {
            var next = SuccessionMachine.Step(stage, ev).Stage;
            if (next < stage)
                return false;
            stage = next;
        }
        return true;
    }

    private static (SuccessionStage Stage, List<SuccessionCommand> Said) Run(IEnumerable<SuccessionEvent> events)
    {
        var stage = SuccessionStage.Proving;
        var said = new List<SuccessionCommand>();
        foreach (var ev in events)
        {
            var (next, commands) = SuccessionMachine.Step(stage, ev);
            said.AddRange(commands);
            stage = next;
        }
        return (stage, said);
    }
}
