namespace Trainyard.Properties.Pool;

/// <summary>What may happen next in a simulated world. Picks and amounts are taken modulo what there is, so that every action means something.</summary>
public sealed record PoolAction(PoolVerb Verb, int Pick, int Amount)
{
    public override string ToString() =>
        $"{Verb}({Pick}, {Amount})" + (Verb == PoolVerb.Stray ? $" = {StrayEvents.Make(Pick, Amount, PoolWorld.Epoch)}" : "");
}

public enum PoolVerb
{
    Accept,
    Burst,
    Ready,
    FailToStart,
    Acknowledge,
    Refuse,
    LaneFull,
    Finish,
    Return,
    Park,
    Wake,
    Crash,
    Leave,
    Beat,
    BeatAll,
    Pass,
    Exhausted,
    Resize,
    ResizeTo,
    Retire,
    Reload,
    Upgrade,
    SuccessorReady,
    SuccessorFailed,
    HandedOn,
    NotHandedOn,
    Drain,
    StopNow,

    /// <summary>Any event with any ids, whether or not it makes sense.</summary>
    Stray,
}
