using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>The invariants of the design by their numbers, over arbitrary sequences of plausible and of stray events.</summary>
[Properties(Arbitrary = [typeof(PoolArbitraries)], MaxTest = 400)]
public class PoolInvariants
{
    [Property]
    public Property Rule_0_commands_make_sense_and_deadlines_end(PoolScenario scenario) => Keeps(scenario, 0);

    [Property]
    public Property Invariant_1_no_connection_waits_while_a_slot_is_free(PoolScenario scenario) => Keeps(scenario, 1);

    [Property]
    public Property Invariant_2_no_worker_holds_more_than_its_slots(PoolScenario scenario) => Keeps(scenario, 2);

    [Property]
    public Property Invariant_3_custody_closes_exactly_once(PoolScenario scenario) => Keeps(scenario, 3);

    [Property]
    public Property Invariant_4_only_ready_workers_of_a_running_pool_get_connections(PoolScenario scenario) => Keeps(scenario, 4);

    [Property]
    public Property Invariant_5_offers_are_bounded_and_go_to_another_worker(PoolScenario scenario) => Keeps(scenario, 5);

    [Property]
    public Property Invariant_6_the_pool_ends_with_its_last_worker_and_not_before(PoolScenario scenario) => Keeps(scenario, 6);

    [Property]
    public Property Invariant_7_workers_are_spawned_only_into_free_places(PoolScenario scenario) => Keeps(scenario, 7);

    [Property]
    public bool Invariant_9_replaying_gives_the_same_states_and_commands(PoolScenario scenario)
    {
        var world = scenario.Play();
        var step = PoolMachine.Start(scenario.Policy, PoolWorld.Epoch);
        var commands = new List<PoolCommand>(step.Commands);
        foreach (var ev in world.Events)
        {
            var before = step.State;
            step = PoolMachine.Step(before, ev);
            if (step != PoolMachine.Step(before, ev))
                return false;
            commands.AddRange(step.Commands);
        }
        return step.State == world.State && commands.SequenceEqual(world.Commands);
    }

    private static Property Keeps(PoolScenario scenario, int invariant)
    {
        var world = scenario.Play();
        var breach = world.Ledger.Breaches.Where(one => one.Invariant == invariant).Select(one => one.Text).FirstOrDefault();
        return (breach is null).Label($"{breach}")
            .Classify(world.State.IsRunning, "still running")
            .Classify(world.State.Phase is Phase.Stopped, "ended");
    }
}
