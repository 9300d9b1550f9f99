using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>A policy and what happens under it.</summary>
public sealed record PoolScenario(PoolPolicy Policy, PoolAction[] Actions)
{
    public override string ToString() => $"{Policy}{Environment.NewLine}{string.Join(Environment.NewLine, Actions.AsEnumerable())}";

    internal PoolWorld Play()
    {
        var world = new PoolWorld(Policy);
        foreach (var action in Actions)
            world.Do(action);
        return world;
    }
}

public static class PoolArbitraries
{
    public static Arbitrary<PoolScenario> Scenarios() => Arb.From(
        from policy in Policies
        from actions in Gen.Frequency((4, Actions(Plausible)), (1, Actions(Wild)), (2, Actions(Gen.Frequency((6, Plausible), (1, Wild)))))
        select new PoolScenario(policy, actions),
        Shrink);

    private static readonly Gen<PoolPolicy> Policies =
        from workers in Gen.Choose(1, 4)
        from backlog in Gen.Choose(1, 5)
        from offers in Gen.Choose(1, 3)
        from unanswered in Gen.Elements(1, 2, 128)
        from strikes in Gen.Choose(1, 3)
        from wait in Gen.Elements<TimeSpan?>(null, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10))
        from hung in Gen.Elements<TimeSpan?>(null, TimeSpan.FromSeconds(4))
        from failures in Gen.Elements(2, 4, 1000)
        from recycle in Gen.Elements<long?>(null, null, 1, 3)
        from memory in Gen.Elements<long?>(null, null, 100)
        from perAddress in Gen.Elements<int?>(null, null, 1, 3)
        from rate in Gen.Elements<double?>(null, null, 20, 1000)
        from successor in Gen.Elements(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60))
        from pause in Gen.Elements(TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2))
        select new PoolPolicy(workers)
        {
            Backlog = backlog,
            MaximumOffers = offers,
            MaximumUnanswered = unanswered,
            MaximumStrikes = strikes,
            MaximumWait = wait,
            HungAfter = hung,
            StuckAfter = hung / 4,
            CrashLoopFailures = failures,
            RecycleAfter = recycle,
            RecycleAboveBytes = memory,
            PerAddress = perAddress,
            AcceptRate = rate,
            SuccessorWithin = successor,
            RefusalPause = pause,
        };

    private static readonly Gen<PoolAction> Plausible =
        from verb in Gen.Frequency(
            (12, Gen.Constant(PoolVerb.Accept)), (3, Gen.Constant(PoolVerb.Burst)), (12, Gen.Constant(PoolVerb.Ready)),
            (2, Gen.Constant(PoolVerb.FailToStart)), (12, Gen.Constant(PoolVerb.Acknowledge)), (4, Gen.Constant(PoolVerb.Refuse)),
            (4, Gen.Constant(PoolVerb.LaneFull)), (8, Gen.Constant(PoolVerb.Finish)), (3, Gen.Constant(PoolVerb.Return)),
            (5, Gen.Constant(PoolVerb.Park)), (4, Gen.Constant(PoolVerb.Wake)), (5, Gen.Constant(PoolVerb.Crash)), (6, Gen.Constant(PoolVerb.Leave)),
            (2, Gen.Constant(PoolVerb.Beat)), (3, Gen.Constant(PoolVerb.BeatAll)), (6, Gen.Constant(PoolVerb.Pass)),
            (1, Gen.Constant(PoolVerb.Exhausted)), (2, Gen.Elements(PoolVerb.Resize, PoolVerb.ResizeTo)), (2, Gen.Constant(PoolVerb.Retire)),
            (2, Gen.Constant(PoolVerb.Reload)), (1, Gen.Elements(PoolVerb.Upgrade, PoolVerb.SuccessorReady, PoolVerb.SuccessorFailed)),
            (2, Gen.Elements(PoolVerb.SuccessorReady, PoolVerb.HandedOn, PoolVerb.HandedOn, PoolVerb.NotHandedOn)),
            (1, Gen.Elements(PoolVerb.Upgrade, PoolVerb.Drain, PoolVerb.Drain, PoolVerb.StopNow)))
        from pick in Gen.Choose(0, 11)
        from amount in Gen.Choose(0, 15)
        select new PoolAction(verb, pick, amount);

    private static readonly Gen<PoolAction> Wild =
        from pick in Gen.Choose(0, 9999)
        from amount in Gen.Choose(0, 9999)
        select new PoolAction(PoolVerb.Stray, pick, amount);

    private static Gen<PoolAction[]> Actions(Gen<PoolAction> action) =>
        from length in Gen.Choose(0, 120)
        from actions in action.ArrayOf(length)
        select actions;

    private static IEnumerable<PoolScenario> Shrink(PoolScenario scenario)
    {
        var actions = scenario.Actions;
        for (var chunk = actions.Length; chunk > 0; chunk /= 2)
            for (var at = 0; at < actions.Length; at += chunk)
                yield return scenario with { Actions = [.. actions[..at], .. actions[Math.Min(at + chunk, actions.Length)..]] };
        for (var i = 0; i < actions.Length; i++)
        {
            if (actions[i].Pick > 0)
                yield return scenario with { Actions = [.. actions[..i], actions[i] with { Pick = actions[i].Pick / 2 }, .. actions[(i + 1)..]] };
            if (actions[i].Amount > 0)
                yield return scenario with { Actions = [.. actions[..i], actions[i] with { Amount = actions[i].Amount / 2 }, .. actions[(i + 1)..]] };
        }
        if (scenario.Policy.Workers > 1)
            yield return scenario with { Policy = scenario.Policy with { Workers = scenario.Policy.Workers - 1 } };
        foreach (var simpler in Simpler(scenario.Policy))
            yield return scenario with { Policy = simpler };
    }

    private static IEnumerable<PoolPolicy> Simpler(PoolPolicy policy)
    {
        if (policy.RecycleAfter is not null)
            yield return policy with { RecycleAfter = null };
        if (policy.RecycleAboveBytes is not null)
            yield return policy with { RecycleAboveBytes = null };
        if (policy.PerAddress is not null)
            yield return policy with { PerAddress = null };
        if (policy.AcceptRate is not null)
            yield return policy with { AcceptRate = null };
    }
}
