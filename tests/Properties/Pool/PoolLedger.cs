using Trainyard.Core.Pool;
using Place = Trainyard.Core.Pool.Custody;

namespace Trainyard.Properties.Pool;

/// <summary>
/// Watches a pool from outside: keeps its own account of who has what, from the events and the commands alone, and notes every
/// breach of an invariant under its number in the design (0: a rule without a number there).
/// </summary>
internal sealed class PoolLedger(PoolPolicy policy)
{
    private readonly Dictionary<long, LedgerConnection> _known = [];
    private readonly HashSet<long> _watched = [];
    private readonly HashSet<long> _finishing = [];
    private readonly HashSet<long> _parting = [];
    private readonly HashSet<long> _kept = [];
    private readonly HashSet<long> _lost = [];
    private readonly HashSet<long> _struck = [];
    private DateTimeOffset _now = DateTimeOffset.MinValue;
    private int _lastSpawned;
    private long _accepted, _completed, _handedOn, _rejected, _aborted, _redispatched, _continued;
    private bool _paused, _listenersClosed, _successorPending, _startedSuccessor, _hasSuccessor;
    private DateTimeOffset _successorSince;
    private long _newest;
    private bool _hasAdopted;
    private bool _isDisordered;

    public SortedDictionary<int, LedgerWorker> Workers { get; } = [];
    public SortedSet<long> Waiting { get; } = [];
    public SortedSet<long> Resuming { get; } = [];
    public SortedSet<long> Parked { get; } = [];
    public SortedSet<long> HandingOn { get; } = [];
    public bool IsRunning { get; private set; } = true;
    public PoolVerdict? Verdict { get; private set; }
    public List<(int Invariant, string Text)> Breaches { get; } = [];

    public void Observe(PoolEvent? ev, PoolStep step)
    {
        if (Verdict is not null)
        {
            Check(3, step.Commands.Count == 0, "a command after Exit");
            return;
        }
        if (ev is not null)
        {
            _now = ev.Now > _now ? ev.Now : _now;
            Take(ev);
        }
        if (step.State.Phase is Phase.Stopping { Cause: PoolEnd.CrashLoop } or Phase.Stopped { Verdict.Cause: PoolEnd.CrashLoop })
            IsRunning = false;
        foreach (var command in step.Commands)
            Take(command, ev, step.State);
        Weigh(ev, step.State);
    }

    private void Take(PoolEvent ev)
    {
        _startedSuccessor = false;
        switch (ev)
        {
            case PoolEvent.Accepted(var c, var peer, _) when !InCustody(c.Value):
                _accepted++;
                _isDisordered |= c.Value <= _newest;
                _newest = Math.Max(_newest, c.Value);
                Waiting.Add(c.Value);
                _known[c.Value] = new(peer, _now);
                break;
            case PoolEvent.Adopted(var c, var peer, _) when !InCustody(c.Value):
                _accepted++;
                _isDisordered |= c.Value <= _newest;
                _newest = Math.Max(_newest, c.Value);
                Resuming.Add(c.Value);
                _hasAdopted = true;
                _known[c.Value] = new(peer, _now) { Headway = Headway.Midway };
                break;
            case PoolEvent.Acknowledged(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Offered.Remove(c.Value):
                worker.Serving.Add(c.Value);
                _known[c.Value].Headway = Headway.Midway;
                break;
            case PoolEvent.Refused(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Offered.Remove(c.Value):
                TakeBack(c.Value);
                worker.RefusingUntil = _now + policy.RefusalPause;
                break;
            case PoolEvent.LaneFull(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Offered.Remove(c.Value):
                Postpone(worker, c.Value);
                break;
            case PoolEvent.Done(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Drop(c.Value):
                worker.RefusingUntil = null;
                worker.Ended++;
                _finishing.Add(c.Value);
                break;
            case PoolEvent.Returned(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Drop(c.Value):
                _known[c.Value].Interrupt();
                TakeBack(c.Value);
                break;
            case PoolEvent.Parked(var w, var c, var until, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Drop(c.Value):
                worker.RefusingUntil = null;
                _known[c.Value].Park(until);
                Parked.Add(c.Value);
                break;
            case PoolEvent.Woken(var c, _) when Parked.Remove(c.Value):
                _watched.Remove(c.Value);
                TakeBack(c.Value);
                break;
            case PoolEvent.WorkerReady(var w, var slots, _, _) when Workers.TryGetValue(w.Value, out var worker) && !worker.IsReady:
                worker.IsReady = true;
                worker.Slots = Math.Max(1, slots);
                worker.Window = policy.MaximumUnanswered;
                break;
            case PoolEvent.WorkerExited exited when Workers.Remove(exited.Worker.Value, out var worker):
                Bury(worker, exited);
                break;
            case PoolEvent.Tick:
                foreach (var worker in Workers.Values)
                    if (worker.RefusingUntil <= _now)
                        worker.RefusingUntil = null;
                break;
            case PoolEvent.Drain or PoolEvent.StopNow:
                IsRunning = false;
                break;
            case PoolEvent.SuccessorReady when _successorPending:
                (IsRunning, _hasSuccessor, _successorPending) = (false, true, false);
                break;
            case PoolEvent.HandedOn(var c, _) when HandingOn.Remove(c.Value):
                _parting.Add(c.Value);
                break;
            case PoolEvent.NotHandedOn(var c, _) when HandingOn.Remove(c.Value):
                _kept.Add(c.Value);
                break;
            case PoolEvent.SuccessorFailed:
                _successorPending = false;
                break;
            default:
                break;
        }
    }

    private void Bury(LedgerWorker worker, PoolEvent.WorkerExited exited)
    {
        foreach (var c in worker.Offered.Concat(worker.Serving))
        {
            var isServed = worker.Serving.Contains(c);
            if (isServed && !exited.Continuable.ToArray().Any(one => one.Value == c))
            {
                _lost.Add(c);
                continue;
            }
            var known = _known[c];
            if (isServed)
                known.Interrupt();
            else if (exited.Cause is WorkerExit.Killed(WorkerExit.KillSignal) && !worker.IsKilled)
                known.Offers--;
            known.Strikes = exited.Suspect?.Value == c ? known.Strikes + 1 : 0;
            if (known.Strikes >= policy.MaximumStrikes)
                _struck.Add(c);
            else
                TakeBack(c);
        }
    }

    /// <summary>As if it had never been offered; the worker has to answer before it is offered as much again.</summary>
    private void Postpone(LedgerWorker worker, long connection)
    {
        var known = _known[connection];
        _redispatched -= known.Offers > 1 ? 1 : 0;
        _continued -= known is { Offers: 1, IsMidway: true } ? 1 : 0;
        known.Offers--;
        TakeBack(connection);
        if (worker.Offered.Count > 0)
            worker.Window = Math.Min(worker.Window, worker.Offered.Count);
        else
            worker.RefusingUntil = _now + policy.RefusalPause;
    }

    private void TakeBack(long connection) => (_known[connection].Headway == Headway.None ? Waiting : Resuming).Add(connection);

    private void Take(PoolCommand command, PoolEvent? ev, PoolState state)
    {
        Check(3, Verdict is null, "a command behind Exit");
        switch (command)
        {
            case PoolCommand.Spawn(var w):
                Check(7, IsRunning, $"{w} spawned though the pool ends");
                Check(7, w.Value == ++_lastSpawned, $"{w} spawned, expected w{_lastSpawned}");
                var up = Workers.Values.Count(one => !one.IsTold && !one.IsKilled);
                Check(7, up < state.Target || Workers.Count < 2 * state.Target, $"{w} spawned beside {Workers.Count} of {state.Target}");
                Workers.Add(w.Value, new LedgerWorker(w));
                break;
            case PoolCommand.Dispatch(var c, var w):
                TakeDispatch(c, w, ev);
                break;
            case PoolCommand.Release(var c):
                if (_finishing.Remove(c.Value))
                    _completed++;
                else if (_parting.Remove(c.Value))
                    _handedOn++;
                else
                    Check(3, false, $"{c} released though nobody is done with it");
                break;
            case PoolCommand.HandOn(var c):
                Check(4, _hasSuccessor && _listenersClosed, $"{c} handed on to nobody");
                TakeHandOn(c, ev);
                HandingOn.Add(c.Value);
                break;
            case PoolCommand.Reject(var c, var reason, var retryAfter):
                TakeReject(c, reason, retryAfter, ev);
                break;
            case PoolCommand.Watch(var c):
                Check(3, IsRunning && Parked.Contains(c.Value) && _watched.Add(c.Value), $"{c} watched though it is not parked, or twice");
                break;
            case PoolCommand.SendExit(var w, var handOver):
                Check(4, Workers.TryGetValue(w.Value, out var told) && !told.IsTold && !told.IsKilled, $"{w} told to leave twice, or dead");
                Check(4, handOver == (IsRunning || _hasSuccessor), $"{w} told to {(handOver ? "hand over to nobody" : "finish what others can go on with")}");
                if (told is not null)
                    (told.IsTold, told.HandsOver) = (true, handOver);
                break;
            case PoolCommand.Signal(var w, var kind):
                Check(0, Workers.TryGetValue(w.Value, out var victim) && !victim.IsKilled, $"{w} signalled though it is dead");
                if (victim is not null && kind == WorkerSignal.Kill)
                    victim.IsKilled = true;
                break;
            case PoolCommand.PauseAccept or PoolCommand.ResumeAccept:
                Check(0, _paused == command is PoolCommand.ResumeAccept, $"{command} twice");
                _paused = !_paused;
                break;
            case PoolCommand.CloseListeners:
                Check(4, !_listenersClosed && !IsRunning, "the listeners are closed twice, or while the pool runs");
                _listenersClosed = true;
                break;
            case PoolCommand.StartSuccessor:
                Check(0, IsRunning && !_successorPending, "a successor is started beside another");
                _successorPending = _startedSuccessor = true;
                _successorSince = _now;
                break;
            case PoolCommand.AbandonSuccessor:
                Check(0, _successorPending, "a successor is abandoned that nobody waits for");
                Check(0, !IsRunning || (ev is PoolEvent.Tick && _successorSince + policy.SuccessorWithin <= _now), "a successor is abandoned too early");
                _successorPending = false;
                break;
            case PoolCommand.Queue(var c, var waiting):
                Check(0, (Waiting.Contains(c.Value) || Resuming.Contains(c.Value)) && waiting == Queued, $"{c} said to wait as one of {waiting}");
                break;
            case PoolCommand.Exit(var verdict):
                Verdict = verdict;
                Check(4, _listenersClosed, "the pool ended and still listens");
                Check(6, Workers.Count == 0 && !IsRunning, "the pool ended before its workers");
                Check(3, Queued + Parked.Count + HandingOn.Count + Undecided == 0, "the pool ended with connections in custody");
                Check(3, verdict == new PoolVerdict(verdict.Cause, _completed, _handedOn, _rejected, _aborted), $"wrong counts: {verdict}");
                break;
            default:
                Check(0, false, $"unknown command {command}");
                break;
        }
    }

    private void TakeDispatch(ConnectionId c, WorkerId w, PoolEvent? ev)
    {
        var first = Resuming.Count > 0 ? Resuming : Waiting;
        Check(1, first.Count == 0 || first.Min == c.Value, $"{c} dispatched before c{first.FirstOrDefault()}");
        Check(3, Resuming.Remove(c.Value) || Waiting.Remove(c.Value), $"{c} dispatched though it does not wait");
        Check(4, IsRunning, $"{c} dispatched though the pool drains");
        var known = _known[c.Value];
        known.Offers++;
        _redispatched += known.Offers > 1 ? 1 : 0;
        _continued += known is { Offers: 1, IsMidway: true } ? 1 : 0;
        Check(5, known.Offers <= policy.MaximumOffers, $"{c} offered {known.Offers} times");
        Check(5, ev is not PoolEvent.Refused refused || refused.Connection != c || refused.Worker != w, $"{c} offered to {w}, which has just refused it");
        if (!Workers.TryGetValue(w.Value, out var worker))
        {
            Check(4, false, $"{c} dispatched to the dead {w}");
            return;
        }
        Check(5, worker.Offered.Count < worker.Window, $"{c} offered to {w}, which has {worker.Offered.Count} to answer");
        Check(4, worker.MayBeOffered, $"{c} dispatched to {w}, which is not ready");
        worker.Offered.Add(c.Value);
        Check(2, worker.Load <= worker.Slots, $"{w} holds {worker.Load} of {worker.Slots}");
    }

    /// <summary>In the step of the upgrade, who is in the middle goes before who has not begun, and both before who sleeps; always the earliest first.</summary>
    private void TakeHandOn(ConnectionId c, PoolEvent? ev)
    {
        SortedSet<long>[] groups = [Resuming, Waiting, Parked];
        var at = Array.FindIndex(groups, group => group.Contains(c.Value));
        Check(3, at >= 0, $"{c} handed on though it is not in the pool's own hands");
        if (at < 0)
            return;
        Check(3, groups[at].Min == c.Value || _isDisordered, $"{c} handed on before c{groups[at].Min}");
        Check(3, ev is not PoolEvent.SuccessorReady || groups[..at].All(group => group.Count == 0), $"{c} handed on before others that are in more of a hurry");
        groups[at].Remove(c.Value);
        _watched.Remove(c.Value);
    }

    private void TakeReject(ConnectionId c, RejectReason reason, TimeSpan retryAfter, PoolEvent? ev)
    {
        var known = _known[c.Value];
        var waited = Waiting.Remove(c.Value);
        var resumed = Resuming.Remove(c.Value);
        var parked = Parked.Remove(c.Value);
        var lost = _lost.Remove(c.Value);
        var struck = _struck.Remove(c.Value);
        var kept = _kept.Remove(c.Value);
        _watched.Remove(c.Value);
        var nobodyIsLeft = !IsRunning && kept == _hasSuccessor;
        var nobodyTookIt = known.Offers >= policy.MaximumOffers && (waited || resumed);
        Check(3, waited || resumed || parked || lost || struck || kept, $"{c} rejected though it is not in the pool's own hands");
        Check(3, lost == (reason == RejectReason.WorkerDied) && struck == (reason == RejectReason.Quarantined), $"{c} rejected for {reason}");
        Check(3, reason switch
        {
            RejectReason.QueueFull => ev is PoolEvent.Accepted && Queued >= policy.Backlog && IsRunning,
            RejectReason.WaitedTooLong => ev is PoolEvent.Tick && waited && known.Arrived + policy.MaximumWait <= _now,
            RejectReason.ShuttingDown => nobodyIsLeft && !known.IsMidway,
            RejectReason.Interrupted => (nobodyIsLeft || nobodyTookIt) && known.IsMidway,
            RejectReason.TooManyFromAddress => ev is PoolEvent.Accepted && IsRunning && known.Peer != PeerKey.None
                && Custody().Count(one => _known[one].Peer == known.Peer) >= policy.PerAddress,
            RejectReason.NobodyTookIt => nobodyTookIt && !known.IsMidway,
            RejectReason.Idle => ev is PoolEvent.Tick && IsRunning && parked && known.Until <= _now,
            RejectReason.WorkerDied or RejectReason.Quarantined => true,
            _ => false,
        }, $"{c} rejected for {reason} without a cause");
        Check(3, retryAfter > TimeSpan.Zero == reason is RejectReason.QueueFull or RejectReason.WaitedTooLong or RejectReason.NobodyTookIt or RejectReason.TooManyFromAddress, "retry-after");
        if (lost || struck || reason == RejectReason.Interrupted)
            _aborted++;
        else if (reason == RejectReason.Idle)
            _completed++;
        else
            _rejected++;
    }

    /// <summary>What must hold after every step.</summary>
    private void Weigh(PoolEvent? ev, PoolState state)
    {
        Check(1, !IsRunning || Queued == 0 || !Workers.Values.Any(w => w.MayBeOffered && w.Load < w.Slots), "a connection waits beside a free slot");
        Check(3, Undecided == 0, "custody of an ended connection was kept");
        var inHands = Workers.Values.Sum(w => w.Load);
        var held = Queued + Parked.Count + HandingOn.Count + inHands;
        Check(3, _accepted == _completed + _handedOn + _rejected + _aborted + held, "connections were lost or doubled");
        Check(3, state.Tally == new PoolTally(_accepted, _completed, _handedOn, _rejected, _aborted, _redispatched, _continued), $"tally {state.Tally}");
        Check(3, state.Tally.Held == held, $"tally {state.Tally}");
        Check(3, held == state.Waiting.Count + state.Held.Count + state.HandingOn.Count + state.Parked.Count + state.Resuming.Count, "state and account differ on connections");
        WeighCustody(state);
        var workers = state.Workers.ToArray();
        Check(2, Workers.Values.All(w => workers.Single(one => one.Id == w.Id).Load == w.Load), "state and account differ on loads");
        Check(7, Workers.Values.All(w => workers.Single(one => one.Id == w.Id).Ended == w.Ended), "state and account differ on what a worker has ended");
        Check(0, state.Workers.Count == Workers.Count, "state and account differ on workers");
        Check(4, IsRunning == state.IsRunning, $"phase {state.Phase}");
        Check(6, IsRunning || Workers.Count > 0 || HandingOn.Count > 0 || Verdict is not null, "no worker is left, but the pool does not end");
        Check(6, IsRunning || Queued + Parked.Count == 0, "a connection waits though the pool ends");
        Check(0, _paused == state.AcceptPaused, "accepting");
        Check(0, _paused || (IsRunning && Queued < policy.Backlog), "accepting goes on over a full queue");
        Check(0, !_paused || !IsRunning || Queued >= policy.Backlog || state.ExhaustedUntil is not null || state.ThrottledUntil is not null, "accepting is paused without a cause");
        // Who reuses an id for a later arrival may need a second tick: expiry goes by the order of ids.
        Check(0, ev is not PoolEvent.Tick || _isDisordered || !(PoolMachine.NextDeadline(state) <= _now), "a deadline outlives its tick");
        Check(0, IsRunning || !_successorPending, "a successor is left behind");
        Check(0, _successorPending == state.Phase is Phase.Running { Successor: not null } && _hasSuccessor == state.HasSuccessor, $"phase {state.Phase}");
        WeighPeers(state);
        Check(0, ev is not PoolEvent.Upgrade || !_startedSuccessor || state.Phase is Phase.Running { Successor: not null }, "upgrade");
    }

    /// <summary>Everything is where the account says, and no more is forgotten or remembered of it.</summary>
    private void WeighCustody(PoolState state)
    {
        foreach (var c in Custody())
        {
            var known = _known[c];
            var custody = state.Find(new(c));
            var isThere = custody switch
            {
                Place.Waiting => Waiting.Contains(c),
                Place.Resuming resuming => Resuming.Contains(c) && resuming.IsIdle != known.IsMidway,
                Place.Parked parked => Parked.Contains(c) && parked.Until == known.Until,
                Place.HandingOn => HandingOn.Contains(c),
                Place.Offered => Workers[custody.Holder!.Value.Value].Offered.Contains(c),
                Place.Serving => Workers[custody.Holder!.Value.Value].Serving.Contains(c),
                _ => false,
            };
            Check(3, isThere, $"c{c} is {custody}");
            Check(3, custody?.Passage is { } passage && passage.Peer == known.Peer && passage.Arrived == known.Arrived, $"c{c} is {custody}");
            Check(3, (custody?.Offers, custody?.Strikes, custody?.Passage.Headway) == (known.Offers, known.Strikes, known.Headway), $"c{c} is {custody}");
        }
        Check(3, _watched.SetEquals(Parked), "what is watched is not what is parked");
        var first = Parked.Min(c => _known[c].Until);
        Check(0, first is null || PoolMachine.NextDeadline(state) <= first, $"no tick is asked for at {first}");
    }

    private void WeighPeers(PoolState state)
    {
        var counts = policy.PerAddress is null
            ? []
            : Custody().Select(c => _known[c].Peer).Where(peer => peer != PeerKey.None).CountBy(peer => peer).ToArray();
        Check(3, state.Peers.Peers == counts.Length && counts.All(one => state.Peers[one.Key] == one.Value), $"peers {state.Peers}");
        // Those that come from another master are not turned away for it.
        Check(3, !IsRunning || _hasAdopted || counts.All(one => one.Value <= policy.PerAddress), $"too many of one peer: {state.Peers}");
    }

    private int Queued => Waiting.Count + Resuming.Count;

    private int Undecided => _finishing.Count + _parting.Count + _lost.Count + _struck.Count + _kept.Count;

    private IEnumerable<long> Custody() =>
        Waiting.Concat(Resuming).Concat(Parked).Concat(HandingOn).Concat(Workers.Values.SelectMany(w => w.Offered.Concat(w.Serving)));

    private bool InCustody(long connection) => Custody().Contains(connection);

    private void Check(int invariant, bool holds, string text)
    {
        if (!holds)
            Breaches.Add((invariant, text));
    }
}
