using Trainyard.Core.Pool;
using Trainyard.Shell.Systemd;
using Trainyard.Shell.Upgrade;

namespace Trainyard.Shell.Master;

/// <summary>The master's only loop: wait, step, carry out. Every command of a step is carried out before the next step.</summary>
internal static class MasterLoop
{
    /// <summary>Runs a pool from its start to its end, on the calling thread.</summary>
    /// <param name="context">Its control socket is told of each step, to answer those who asked for something.</param>
    /// <param name="policy">The pool's settings.</param>
    /// <param name="events">What happens.</param>
    /// <param name="runner">What is done.</param>
    /// <param name="succession">Is told of each step, to know when this master has proven itself.</param>
    /// <param name="reporter">Is told of each step, to tell the service manager.</param>
    public static PoolVerdict Run(
        MasterContext context,
        PoolPolicy policy,
        MasterEventSource events,
        PoolCommandRunner runner,
        Succession succession,
        ServiceReporter reporter)
    {
        var feedback = new Queue<PoolEvent>();
        var step = PoolMachine.Start(policy, MasterEventSource.Now);
        var before = step.State;
        PoolEvent? ev = null;
        succession.Begin(step.State);
        while (true)
        {
            context.Show(step.State);
            foreach (var command in step.Commands)
                if (runner.Run(command) is { } answer)
                    feedback.Enqueue(answer);
            succession.Look(step.State);
            reporter.Look(ev, before, step.State);
            context.Control?.Observe(ev, before, step.State, MasterEventSource.Now);
            if (runner.Verdict is { } verdict)
            {
                succession.End(verdict);
                return verdict;
            }
            before = step.State;
            if (!events.HasMore)
                runner.Flush(feedback);
            ev = feedback.TryDequeue(out var outcome) ? outcome : events.Next(step.State);
            step = PoolMachine.Step(step.State, ev);
        }
    }
}
