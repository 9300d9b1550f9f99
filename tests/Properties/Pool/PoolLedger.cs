using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>
/// Watches a pool from outside: keeps its own account of who has what, from the events and the commands alone, and notes every
/// breach of an invariant under its number in the design (0: a rule without a number there).
/// </summary>
internal sealed class PoolLedger(PoolPolicy policy)
{
    private readonly Dictionary<long, int> _offers = [];
    private readonly Dictionary<long, DateTimeOffset> _arrived = [];
    private readonly Dictionary<long, PeerKey> _peers = [];
    private readonly HashSet<long> _finishing = [];
    private readonly HashSet<long> _parting = [];
    private readonly HashSet<long> _kept = [];
    private readonly HashSet<long> _lost = [];
    private DateTimeOffset _now = DateTimeOffset.MinValue;
    private int _lastSpawned;
    private long _accepted, _completed, _handedOn, _rejected, _aborted, _redispatched;
    private bool _paused, _listenersClosed, _successorPending, _startedSuccessor, _hasSuccessor;
    private DateTimeOffset _successorSince;
    private long _newest;
    private bool _isDisordered;

    public SortedDictionary<int, LedgerWorker> Workers { get; } = [];
    public SortedSet<long> Waiting { get; } = [];
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
                _offers[c.Value] = 0;
                _peers[c.Value] = peer;
                _arrived[c.Value] = _now;
                break;
            case PoolEvent.Acknowledged(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Offered.Remove(c.Value):
                worker.Serving.Add(c.Value);
                break;
            case PoolEvent.Refused(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Offered.Remove(c.Value):
                Waiting.Add(c.Value);
                worker.RefusingUntil = _now + policy.RefusalPause;
                break;
            case PoolEvent.Done(var w, var c, _) when Workers.TryGetValue(w.Value, out var worker) && worker.Has(c.Value):
                worker.Offered.Remove(c.Value);
                worker.Serving.Remove(c.Value);
                worker.RefusingUntil = null;
                _finishing.Add(c.Value);
                break;
            case PoolEvent.WorkerReady(var w, var slots, _, _) when Workers.TryGetValue(w.Value, out var worker) && !worker.IsReady:
                worker.IsReady = true;
                worker.Slots = Math.Max(1, slots);
                break;
            case PoolEvent.WorkerExited exited when Workers.Remove(exited.Worker.Value, out var worker):
                Waiting.UnionWith(worker.Offered);
                foreach (var c in worker.Serving)
                    if (exited.Untouched.ToArray().Any(one => one.Value == c))
                        Waiting.Add(c);
                    else
                        _lost.Add(c);
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
                Check(3, Waiting.Remove(c.Value), $"{c} handed on though it is not in the pool's own hands");
                Check(4, _hasSuccessor && _listenersClosed, $"{c} handed on to nobody");
                Check(3, Waiting.Count == 0 || _isDisordered || c.Value < Waiting.Min, $"{c} handed on before c{Waiting.FirstOrDefault()}");
                HandingOn.Add(c.Value);
                break;
            case PoolCommand.Reject(var c, var reason, var retryAfter):
                TakeReject(c, reason, retryAfter, ev);
                break;
            case PoolCommand.SendExit(var w):
                Check(4, Workers.TryGetValue(w.Value, out var told) && !told.IsTold && !told.IsKilled, $"{w} told to leave twice, or dead");
                if (told is not null)
                    told.IsTold = true;
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
                Check(0, Waiting.Contains(c.Value) && waiting >= 1, $"{c} said to wait");
                break;
            case PoolCommand.Exit(var verdict):
                Verdict = verdict;
                Check(4, _listenersClosed, "the pool ended and still listens");
                Check(6, Workers.Count == 0 && !IsRunning, "the pool ended before its workers");
                Check(3, Waiting.Count + HandingOn.Count + Undecided == 0, "the pool ended with connections in custody");
                Check(3, verdict == new PoolVerdict(verdict.Cause, _completed, _handedOn, _rejected, _aborted), $"wrong counts: {verdict}");
                break;
            default:
                Check(0, false, $"unknown command {command}");
                break;
        }
    }

    private void TakeDispatch(ConnectionId c, WorkerId w, PoolEvent? ev)
    {
        Check(3, Waiting.Remove(c.Value), $"{c} dispatched though it does not wait");
        Check(4, IsRunning, $"{c} dispatched though the pool drains");
        var offers = _offers[c.Value] = _offers.GetValueOrDefault(c.Value) + 1;
        _redispatched += offers > 1 ? 1 : 0;
        Check(5, offers <= policy.MaximumOffers, $"{c} offered {offers} times");
        Check(5, ev is not PoolEvent.Refused refused || refused.Connection != c || refused.Worker != w, $"{c} offered to {w}, which has just refused it");
        if (!Workers.TryGetValue(w.Value, out var worker))
        {
            Check(4, false, $"{c} dispatched to the dead {w}");
            return;
        }
        Check(4, worker.MayBeOffered, $"{c} dispatched to {w}, which is not ready");
        worker.Offered.Add(c.Value);
        Check(2, worker.Load <= worker.Slots, $"{w} holds {worker.Load} of {worker.Slots}");
    }

    private void TakeReject(ConnectionId c, RejectReason reason, TimeSpan retryAfter, PoolEvent? ev)
    {
        var waited = Waiting.Remove(c.Value);
        var lost = _lost.Remove(c.Value);
        var kept = _kept.Remove(c.Value);
        Check(3, waited || lost || kept, $"{c} rejected though it is not in the pool's own hands");
        Check(3, lost == (reason == RejectReason.WorkerDied), $"{c} rejected for {reason}");
        Check(3, reason switch
        {
            RejectReason.QueueFull => ev is PoolEvent.Accepted && Waiting.Count >= policy.Backlog && IsRunning,
            RejectReason.WaitedTooLong => ev is PoolEvent.Tick && _arrived[c.Value] + policy.MaximumWait <= _now,
            RejectReason.ShuttingDown => !IsRunning && kept == _hasSuccessor,
            RejectReason.TooManyFromAddress => ev is PoolEvent.Accepted && IsRunning && _peers[c.Value] != PeerKey.None
                && Custody().Count(one => _peers[one] == _peers[c.Value]) >= policy.PerAddress,
            RejectReason.NobodyTookIt => _offers[c.Value] >= policy.MaximumOffers,
            _ => true,
        }, $"{c} rejected for {reason} without a cause");
        Check(3, retryAfter > TimeSpan.Zero == reason is not (RejectReason.ShuttingDown or RejectReason.WorkerDied), "retry-after");
        if (lost)
            _aborted++;
        else
            _rejected++;
    }

    /// <summary>What must hold after every step.</summary>
    private void Weigh(PoolEvent? ev, PoolState state)
    {
        Check(1, !IsRunning || Waiting.Count == 0 || !Workers.Values.Any(w => w.MayBeOffered && w.Load < w.Slots), "a connection waits beside a free slot");
        Check(3, Undecided == 0, "custody of an ended connection was kept");
        var inHands = Workers.Values.Sum(w => w.Load);
        Check(3, _accepted == _completed + _handedOn + _rejected + _aborted + Waiting.Count + HandingOn.Count + inHands, "connections were lost or doubled");
        Check(3, state.Tally == new PoolTally(_accepted, _completed, _handedOn, _rejected, _aborted, _redispatched), $"tally {state.Tally}");
        Check(3, state.Tally.Held == Waiting.Count + HandingOn.Count + inHands, $"tally {state.Tally}");
        Check(3, state.Waiting.Count == Waiting.Count && state.Held.Count == inHands && state.HandingOn.Count == HandingOn.Count, "state and account differ on connections");
        Check(2, Workers.Values.All(w => state.Workers.ToArray().Single(one => one.Id == w.Id).Load == w.Load), "state and account differ on loads");
        Check(0, state.Workers.Count == Workers.Count, "state and account differ on workers");
        Check(4, IsRunning == state.IsRunning, $"phase {state.Phase}");
        Check(6, IsRunning || Workers.Count > 0 || HandingOn.Count > 0 || Verdict is not null, "no worker is left, but the pool does not end");
        Check(6, IsRunning || Waiting.Count == 0, "a connection waits though the pool ends");
        Check(0, _paused == state.AcceptPaused, "accepting");
        Check(0, _paused || (IsRunning && Waiting.Count < policy.Backlog), "accepting goes on over a full queue");
        Check(0, !_paused || !IsRunning || Waiting.Count >= policy.Backlog || state.ExhaustedUntil is not null || state.ThrottledUntil is not null, "accepting is paused without a cause");
        // Who reuses an id for a later arrival may need a second tick: expiry goes by the order of ids.
        Check(0, ev is not PoolEvent.Tick || _isDisordered || !(PoolMachine.NextDeadline(state) <= _now), "a deadline outlives its tick");
        Check(0, IsRunning || !_successorPending, "a successor is left behind");
        Check(0, _successorPending == state.Phase is Phase.Running { Successor: not null } && _hasSuccessor == state.HasSuccessor, $"phase {state.Phase}");
        WeighPeers(state);
        Check(0, ev is not PoolEvent.Upgrade || !_startedSuccessor || state.Phase is Phase.Running { Successor: not null }, "upgrade");
    }

    private void WeighPeers(PoolState state)
    {
        var counts = policy.PerAddress is null
            ? []
            : Custody().Select(c => _peers[c]).Where(peer => peer != PeerKey.None).CountBy(peer => peer).ToArray();
        Check(3, state.Peers.Peers == counts.Length && counts.All(one => state.Peers[one.Key] == one.Value), $"peers {state.Peers}");
        Check(3, !IsRunning || counts.All(one => one.Value <= policy.PerAddress), $"too many of one peer: {state.Peers}");
    }

    private int Undecided => _finishing.Count + _parting.Count + _lost.Count + _kept.Count;

    private IEnumerable<long> Custody() =>
        Waiting.Concat(HandingOn).Concat(Workers.Values.SelectMany(w => w.Offered.Concat(w.Serving)));

    private bool InCustody(long connection) => Custody().Contains(connection);

    private void Check(int invariant, bool holds, string text)
    {
        if (!holds)
            Breaches.Add((invariant, text));
    }
}
