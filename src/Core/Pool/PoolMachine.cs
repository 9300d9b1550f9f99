using System.Diagnostics;

namespace Trainyard.Core.Pool;

// The rules of a pool of workers. One implementation for worker processes under a master and for threads under a worker.
//
//  1. Custody. An accepted connection is waiting, offered to one worker, served by one worker, resuming, parked, or being handed on,
//     until it leaves exactly once: Release (its worker said Done, or the successor has it) or Reject (with a reason). What a worker
//     holds comes back only when the worker has refused, returned or parked it, or its exit was noticed: a worker that may still run
//     may still write.
//  2. Dispatching. No connection waits while a ready worker has a free slot. The least loaded worker is next, then the least
//     recently used. Resuming connections go first, then waiting ones, each in the order of their arrival, also those that came back.
//  3. Offers. A worker that refuses is offered nothing for a while, so the connection goes to another and a broken worker does not
//     eat the queue. One that does not answer in time is killed. After MaximumOffers in a row the connection is rejected: nobody
//     took it, or, in the middle, it is interrupted. What comes back before it was acknowledged is where it was before its offer.
//     A worker is not offered more than MaximumUnanswered ahead of its answers, so that bursts wait here and not in its lane. A lane
//     that is full all the same is no refusal: that offer does not count, and so many are never under way in it again.
//  4. Number. Every worker that is not outgoing holds one of Target places; a place whose worker failed is refilled at once the first
//     time, then after a back-off that doubles. An outgoing worker holds no place but serves until there are more than Target serving.
//  5. Ends. Start failures in too short a time, a drain without progress and StopNow all kill what is left; the pool ends when the
//     last exit was noticed and the last HandOn was answered, and only then. After that nothing is commanded.
//  6. Successor. A started successor is taken (SuccessorReady) or abandoned (it is late, or this pool is told to end), never
//     forgotten. Once it serves, this pool drains, and whatever would be rejected for that is handed on instead: what resumes, then
//     what waits, then what is parked, each in order of arrival, what comes back, what was still in the pipe, also after the
//     deadline. Each HandOn is answered: HandedOn releases the connection, NotHandedOn rejects it. Custody lasts until the answer,
//     so neither can lose or double it. Without a successor all that is rejected as shutting down, but what stands in the middle
//     of an answer is interrupted: it cannot be told anything.
//  7. Recycling. A serving worker is worn out after RecycleAfter connections, less up to a quarter by its own jitter, or while it is
//     larger than RecycleAboveBytes and has ended a connection. The oldest worn-out worker becomes outgoing when no other starting
//     or serving worker is, for whatever reason: at most one at a time, and it serves until its replacement does. Those that
//     retire already do not count, or one long transfer would stop all recycling.
//  8. Addresses. With PerAddress, a connection over the limit of its peer is rejected on arrival; what is in custody of each peer is
//     counted exactly, from arrival to leaving. A pool that hands on limits nobody: its successor does.
//  9. Rate. With AcceptRate, each arrival takes a token, whatever becomes of it; with the last one accepting pauses until a
//     hundredth of the burst (at least 1) is there again. Nobody is rejected for it. Over any time not more arrive than the burst
//     and what was due, if the source stops at PauseAccept; what it takes beyond that (a batch that it had already accepted) is
//     owed and waited for. A bucket starts full.
// 10. Going on. A connection that has begun survives its worker. What a dead worker served and another can go on with, and what a
//     leaving one returns, is resuming, with its offers counted anew; what a dead worker served and nobody can go on with is lost.
//     Who is told to leave is told to hand over while anybody can go on: while the pool runs, or has a successor. What resumes is
//     never too late, since rejecting it would cut what runs, but fills the backlog at which accepting pauses.
// 11. Parking. A parked connection takes no slot. It is watched; its first byte makes it resuming, but between two answers: until it
//     is acknowledged its client can still be told something. At its time the idle connection is ended, which completes it.
// 12. Strikes. A connection in whose turn its worker died, with nothing moved on it since that worker got it, has a strike; at
//     MaximumStrikes it is quarantined. The death of its worker in another's turn, or after something moved, wipes its strikes out,
//     and so does parking; being returned or refused leaves them. Somebody else's SIGKILL (neither ours for one that hangs, nor
//     the kernel's without memory) is nobody's fault: no strike, an offer that it left without an answer does not count, and the
//     worker is replaced at once if it was ready, else after the first back-off; no row of failures and no crash loop grows by it.
//
// Deadlines are data in the state: NextDeadline says when the next Tick is due, and only a Tick lets a limit expire.
// Every step is the handling of its event, then Maintain where that may have changed the number of workers, then Settle, which
// re-establishes what must hold after every step.

/// <summary>The pool's decisions. Pure: the same state and event give the same step. Never throws.</summary>
public static partial class PoolMachine
{
    /// <summary>A new pool, with its workers being spawned.</summary>
    /// <param name="policy">The settings; values out of range count as the nearest in range.</param>
    /// <param name="now">The time.</param>
    public static PoolStep Start(PoolPolicy policy, DateTimeOffset now) => Settle(Maintain(new(new PoolState(policy, now), [])));

    /// <summary>Takes one event into account.</summary>
    /// <param name="state">The state that the step before gave.</param>
    /// <param name="ev">What happened. Events about workers and connections that the pool does not know change nothing.</param>
    public static PoolStep Step(PoolState state, PoolEvent ev) =>
        state.Phase is Phase.Stopped ? new(state, [])
        : Handle(new(state.At(ev.Now), []), ev) is var step && MayUnbalance(step.State, ev) ? Settle(Maintain(step))
        : Settle(step);

    private static PoolStep Handle(PoolStep step, PoolEvent ev) =>
        ev switch
        {
            PoolEvent.Accepted(var connection, var peer, _) => Accept(step, connection, peer),
            PoolEvent.Adopted(var connection, var peer, _) => Adopt(step, connection, peer),
            PoolEvent.Acknowledged(var worker, var connection, _) => Acknowledge(step, worker, connection),
            PoolEvent.Refused(var worker, var connection, _) => TakeBack(step, worker, connection),
            PoolEvent.LaneFull(var worker, var connection, _) => Postpone(step, worker, connection),
            PoolEvent.Done(var worker, var connection, _) => Release(step, worker, connection),
            PoolEvent.Returned(var worker, var connection, _) => Return(step, worker, connection),
            PoolEvent.Parked parked => Park(step, parked),
            PoolEvent.Woken(var connection, _) => Wake(step, connection),
            PoolEvent.AcceptExhausted => Exhausted(step),

            PoolEvent.WorkerReady(var worker, var slots, var jitter, _) => BecomeReady(step, worker, slots, jitter),
            PoolEvent.WorkerExited exited => Bury(step, exited),
            PoolEvent.Heartbeat(var worker, var progress, var resident, _) => ShowLife(step, worker, progress, resident),
            PoolEvent.Silent silent => JudgeSilence(step, silent),
            PoolEvent.Tick => Expire(step),

            PoolEvent.Resize(var delta, _) => Resize(step, (long)step.State.Target + delta),
            PoolEvent.ResizeTo(var target, _) => Resize(step, target),
            PoolEvent.Retire(var worker, _) => Retire(step, worker),
            PoolEvent.Reload => Reload(step),

            PoolEvent.Drain(var patience, _) => Drain(step, patience),
            PoolEvent.StopNow => Stop(step, PoolEnd.Stopped),
            PoolEvent.Upgrade(var patience, _) => Upgrade(step, patience),
            PoolEvent.SuccessorReady => HandOver(step),
            PoolEvent.SuccessorFailed => GoOn(step),
            PoolEvent.HandedOn(var connection, _) => Part(step, connection),
            PoolEvent.NotHandedOn(var connection, _) => Keep(step, connection),
            _ => throw new UnreachableException(ev.GetType().Name),
        };

    /// <summary>Whether it may change how many workers there are or should be. Looking at every worker for every connection would be most of the work.</summary>
    private static bool MayUnbalance(PoolState state, PoolEvent ev) =>
        ev switch
        {
            PoolEvent.Accepted or PoolEvent.Adopted or PoolEvent.Acknowledged or PoolEvent.Refused or PoolEvent.LaneFull or PoolEvent.AcceptExhausted => false,
            PoolEvent.Returned or PoolEvent.Parked or PoolEvent.Woken => false,
            PoolEvent.HandedOn or PoolEvent.NotHandedOn or PoolEvent.Silent => false,
            PoolEvent.Done(var worker, _, _) => IsWornOut(state, worker),
            PoolEvent.Heartbeat(var worker, _, _, _) => IsWornOut(state, worker),
            _ => true,
        };

    private static PoolStep Settle(PoolStep step) => Conclude(Gate(DispatchWaiting(step)));
}
