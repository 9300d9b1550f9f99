using LanguageExt;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>A simulated shell: carries commands out in its own account, and makes happen what an action says.</summary>
internal sealed class PoolWorld
{
    public static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    private static readonly TimeSpan[] Spans =
        [.. new[] { 10, 50, 100, 500, 1000, 2000, 3500, 5000, 10_000, 31_000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private long _connections;

    public PoolWorld(PoolPolicy policy)
    {
        Policy = policy;
        Ledger = new PoolLedger(policy);
        var start = PoolMachine.Start(policy, Epoch);
        State = start.State;
        Ledger.Observe(null, start);
        Commands.AddRange(start.Commands);
    }

    /// <summary>One of some peers: nobody, two IPv4 addresses, and an IPv6 prefix.</summary>
    public static PeerKey Peer(int pick) => (pick % 4) switch
    {
        0 => PeerKey.None,
        1 => PeerKey.OfIPv4(0x7F000001),
        2 => PeerKey.OfIPv4(0xC0000201),
        _ => PeerKey.OfIPv6(UInt128.One),
    };

    public PoolPolicy Policy { get; }
    public PoolState State { get; private set; }
    public DateTimeOffset Now { get; set; } = Epoch;
    public PoolLedger Ledger { get; }
    public List<PoolEvent> Events { get; } = [];
    public List<PoolCommand> Commands { get; } = [];

    /// <summary>A pool whose first workers are ready with one slot each.</summary>
    public static PoolWorld Ready(int workers, PoolPolicy? policy = null)
    {
        var world = new PoolWorld(policy ?? new PoolPolicy(workers));
        for (var i = 1; i <= workers; i++)
            world.Feed(new PoolEvent.WorkerReady(new(i), 1, 0, world.Now));
        return world;
    }

    /// <summary>Feeds one event and returns its commands.</summary>
    public PoolCommand[] Feed(PoolEvent ev)
    {
        var step = PoolMachine.Step(State, ev);
        Events.Add(ev);
        State = step.State;
        Ledger.Observe(ev, step);
        Commands.AddRange(step.Commands);
        return [.. step.Commands];
    }

    public void Do(PoolAction action)
    {
        var (verb, pick, amount) = action;
        switch (verb)
        {
            case PoolVerb.Accept:
                // Some come from another master, and have begun there.
                Feed(amount % 8 == 7 ? new PoolEvent.Adopted(new(++_connections), Peer(pick), Now) : new PoolEvent.Accepted(new(++_connections), Peer(pick), Now));
                break;
            case PoolVerb.Burst:
                for (var i = 0; i < amount % 8; i++)
                    Feed(new PoolEvent.Accepted(new(++_connections), Peer(pick + i), Now));
                break;
            case PoolVerb.Ready when One(w => !w.IsReady && !w.IsKilled, pick) is { } worker:
                Feed(new PoolEvent.WorkerReady(worker.Id, 1 + (amount % 3), (pick % 10) / 10.0, Now));
                break;
            case PoolVerb.FailToStart when One(w => !w.IsReady && !w.IsKilled, pick) is { } worker:
                Exit(worker, new WorkerExit.NotSpawned(11), 0);
                break;
            case PoolVerb.Acknowledge when One(w => w.Offered.Count > 0, pick) is { } worker:
                Feed(new PoolEvent.Acknowledged(worker.Id, new(worker.Offered.ElementAt(amount % worker.Offered.Count)), Now));
                break;
            case PoolVerb.Refuse when One(w => w.Offered.Count > 0, pick) is { } worker:
                Feed(new PoolEvent.Refused(worker.Id, new(worker.Offered.ElementAt(amount % worker.Offered.Count)), Now));
                break;
            case PoolVerb.LaneFull when One(w => w.Offered.Count > 0, pick) is { } worker:
                Feed(new PoolEvent.LaneFull(worker.Id, new(worker.Offered.ElementAt(amount % worker.Offered.Count)), Now));
                break;
            case PoolVerb.Finish when One(w => w.Load > 0, pick) is { } worker:
                Feed(new PoolEvent.Done(worker.Id, new(worker.Serving.Concat(worker.Offered).ElementAt(amount % worker.Load)), Now));
                break;
            case PoolVerb.Return when One(w => w.Load > 0, pick) is { } worker:
                Feed(new PoolEvent.Returned(worker.Id, new(worker.Serving.Concat(worker.Offered).ElementAt(amount % worker.Load)), Now));
                break;
            case PoolVerb.Park when One(w => w.Load > 0, pick) is { } worker:
                var until = amount % 3 == 0 ? (DateTimeOffset?)null : Now + Spans[amount % Spans.Length];
                Feed(new PoolEvent.Parked(worker.Id, new(worker.Serving.Concat(worker.Offered).ElementAt(amount % worker.Load)), until, Now));
                break;
            case PoolVerb.Wake when Ledger.Parked.Count > 0:
                Feed(new PoolEvent.Woken(new(Ledger.Parked.ElementAt(pick % Ledger.Parked.Count)), Now));
                break;
            case PoolVerb.Crash when One(_ => true, pick) is { } worker:
                Exit(worker, new WorkerExit.Killed(11), amount);
                break;
            case PoolVerb.Leave when One(w => w.IsKilled || (w.IsTold && w.Load == 0), pick) is { } worker:
                Exit(worker, new WorkerExit.Exited(0), amount);
                break;
            case PoolVerb.Beat when One(w => w.IsReady, pick) is { } worker:
                Beat(worker, amount % 2, resident: amount * 20);
                break;
            case PoolVerb.BeatAll:
                BeatAll();
                break;
            case PoolVerb.Pass:
                Pass(Spans[amount % Spans.Length]);
                break;
            case PoolVerb.Retire when One(_ => true, pick) is { } worker:
                Feed(new PoolEvent.Retire(worker.Id, Now));
                break;
            case PoolVerb.Resize:
                Feed(new PoolEvent.Resize((amount % 5) - 2, Now));
                break;
            case PoolVerb.ResizeTo:
                Feed(new PoolEvent.ResizeTo(amount % 6, Now));
                break;
            case PoolVerb.HandedOn when Ledger.HandingOn.Count > 0:
                Feed(new PoolEvent.HandedOn(new(Ledger.HandingOn.ElementAt(pick % Ledger.HandingOn.Count)), Now));
                break;
            case PoolVerb.NotHandedOn when Ledger.HandingOn.Count > 0:
                Feed(new PoolEvent.NotHandedOn(new(Ledger.HandingOn.ElementAt(pick % Ledger.HandingOn.Count)), Now));
                break;
            case PoolVerb.Upgrade:
                Feed(new PoolEvent.Upgrade(amount % 3 == 0 ? null : Spans[amount % Spans.Length], Now));
                break;
            case PoolVerb.Drain:
                Feed(new PoolEvent.Drain(amount % 3 == 0 ? null : Spans[amount % Spans.Length], Now));
                break;
            case PoolVerb.Stray:
                var stray = StrayEvents.Make(pick, amount, Now);
                Now = stray.Now > Now ? stray.Now : Now;
                Feed(stray);
                break;
            default:
                if (Plain(verb) is { } ev)
                    Feed(ev);
                break;
        }
    }

    private PoolEvent? Plain(PoolVerb verb) => verb switch
    {
        PoolVerb.Exhausted => new PoolEvent.AcceptExhausted(Now),
        PoolVerb.Reload => new PoolEvent.Reload(Now),
        PoolVerb.SuccessorReady => new PoolEvent.SuccessorReady(Now),
        PoolVerb.SuccessorFailed => new PoolEvent.SuccessorFailed(Now),
        PoolVerb.StopNow => new PoolEvent.StopNow(Now),
        _ => null,
    };

    /// <summary>Time passes; the loop wakes at each deadline and ticks.</summary>
    public void Pass(TimeSpan span)
    {
        var until = Now + span;
        for (var ticks = 0; PoolMachine.NextDeadline(State) is { } due && due <= until; ticks++)
        {
            if (ticks > 1000)
            {
                Ledger.Breaches.Add((0, "the machine asks for ticks without end"));
                break;
            }
            Now = due > Now ? due : Now;
            Feed(new PoolEvent.Tick(Now));
        }
        Now = until;
    }

    public void BeatAll()
    {
        foreach (var worker in Workers(w => w.IsReady))
            Beat(worker, 1, resident: 0);
    }

    /// <summary>
    /// Everybody does for <paramref name="seconds"/> what is expected: clients go on, workers start, acknowledge, finish or hand over,
    /// and leave when told.
    /// </summary>
    public void Behave(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            LetGo();
            foreach (var worker in Workers(w => !w.IsReady))
                Feed(new PoolEvent.WorkerReady(worker.Id, 1 + (worker.Id.Value % 3), 0, Now));
            foreach (var connection in Ledger.Parked.ToArray())
                Feed(new PoolEvent.Woken(new(connection), Now));
            foreach (var worker in Workers(w => w.Load > 0))
            {
                foreach (var connection in worker.Offered.ToArray())
                    Feed(new PoolEvent.Acknowledged(worker.Id, new(connection), Now));
                foreach (var connection in worker.Serving.ToArray())
                    Feed(worker.HandsOver ? new PoolEvent.Returned(worker.Id, new(connection), Now) : new PoolEvent.Done(worker.Id, new(connection), Now));
            }
            BeatAll();
            Pass(TimeSpan.FromSeconds(1));
        }
        LetGo();
    }

    /// <summary>The killed die, those who were told to leave and hold nothing leave, and the new master takes what it is given.</summary>
    public void LetGo()
    {
        TakeAllHandedOn();
        foreach (var worker in Workers(w => w.IsKilled || (w.IsTold && w.Load == 0)))
            Exit(worker, new WorkerExit.Exited(0), 0);
        TakeAllHandedOn();
    }

    public void TakeAllHandedOn()
    {
        foreach (var connection in Ledger.HandingOn.ToArray())
            Feed(new PoolEvent.HandedOn(new(connection), Now));
    }

    /// <summary>The worker's exit is noticed; <paramref name="bits"/> choose what of its connections can be gone on with, and the suspect.</summary>
    public void Exit(LedgerWorker worker, WorkerExit cause, int bits) =>
        Feed(new PoolEvent.WorkerExited(
            worker.Id,
            cause,
            new Arr<ConnectionId>(worker.Serving.Where((_, i) => (bits >> (i % 4)) % 2 == 1).Select(c => new ConnectionId(c))),
            bits % 3 == 1 && worker.Load > 0 ? new ConnectionId(worker.Offered.Concat(worker.Serving).ElementAt(bits % worker.Load)) : null,
            (bits % 16) / 16.0,
            Now));

    /// <summary>Connections that arrive and are taken by a worker at once.</summary>
    public void Begin(params int[] connections)
    {
        foreach (var id in connections)
        {
            var dispatch = Feed(new PoolEvent.Accepted(new(id), PeerKey.None, Now)).OfType<PoolCommand.Dispatch>().Single();
            Feed(new PoolEvent.Acknowledged(dispatch.Worker, dispatch.Connection, Now));
        }
    }

    /// <summary>A worker crashes, and its exit is noticed.</summary>
    public PoolCommand[] Die(int worker, int[] continuable, int? suspect = null) =>
        Feed(new PoolEvent.WorkerExited(
            new(worker),
            new WorkerExit.Killed(11),
            new Arr<ConnectionId>(continuable.Select(c => new ConnectionId(c))),
            suspect is { } c ? new ConnectionId(c) : null,
            0,
            Now));

    private void Beat(LedgerWorker worker, int progress, long resident)
    {
        worker.Progress += (ulong)progress;
        Feed(new PoolEvent.Heartbeat(worker.Id, worker.Progress, resident, Now));
    }

    private LedgerWorker[] Workers(Func<LedgerWorker, bool> which) => [.. Ledger.Workers.Values.Where(which)];

    private LedgerWorker? One(Func<LedgerWorker, bool> which, int pick) =>
        Workers(which) is { Length: > 0 } found ? found[pick % found.Length] : null;
}
