using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

/// <summary>What one step of the pool machine gives: the next state, and the commands that lead there.</summary>
/// <param name="State">The state to pass to the next step.</param>
/// <param name="Commands">To be carried out in this order, all of them before the next step.</param>
public readonly record struct PoolStep(PoolState State, Commands<PoolCommand> Commands)
{
    internal PoolStep With(PoolState next) => new(next, Commands);

    internal PoolStep With(PoolState next, PoolCommand command) => new(next, Commands.Then([command]));

    internal PoolStep Say(PoolCommand command) => With(State, command);

    /// <summary>Many at once: one by one, each would copy all before it.</summary>
    internal PoolStep With(PoolState next, List<PoolCommand> commands) => new(next, Commands.Then([.. commands]));
}
