using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>
/// The pool told naively: mutable lists, sorting, no clock (so nothing expires and no back-off ends). Each operation returns, as
/// text, what ought to be commanded.
/// </summary>
internal sealed class PoolModel
{
    private readonly PoolPolicy _policy;
    private readonly Dictionary<long, ModelConnection> _known = [];
    private int _spawned;
    private bool _paused;

    public PoolModel(PoolPolicy policy)
    {
        _policy = policy;
        for (var i = 0; i < policy.Workers; i++)
            Hire(failures: 0);
    }

    public List<ModelWorker> Workers { get; } = [];
    public List<long> Waiting { get; } = [];
    public List<long> Resuming { get; } = [];
    public List<long> Parked { get; } = [];
    public List<string> Said { get; } = [];

    public int Idle => Workers.Count(w => w.Slots > 0 && w.Connections.Count == 0);
    public int Busy => Workers.Count(w => w.Slots > 0 && w.Connections.Count == w.Slots);
    public long Continued { get; private set; }

    public void Accept(long connection, PeerKey peer)
    {
        var others = Waiting.Concat(Resuming).Concat(Parked).Concat(Workers.SelectMany(w => w.Connections.Keys)).Count(one => _known[one].Peer == peer);
        _known[connection] = new() { Peer = peer };
        if (peer != PeerKey.None && others >= _policy.PerAddress)
            Said.Add($"reject c{connection} TooManyFromAddress");
        else if (Workers.Any(IsFree))
        {
            Waiting.Add(connection);
            Hand();
        }
        else if (Waiting.Count + Resuming.Count < _policy.Backlog)
        {
            Waiting.Add(connection);
            Said.Add($"wait c{connection}");
        }
        else
            Said.Add($"reject c{connection} QueueFull");
        Door();
    }

    public void Ready(ModelWorker worker, int slots)
    {
        worker.Slots = slots;
        worker.Window = _policy.MaximumUnanswered;
        Hand();
        Door();
    }

    public void Acknowledge(ModelWorker worker, long connection)
    {
        worker.Connections[connection] = true;
        (_known[connection].HasBegun, _known[connection].IsIdle) = (true, false);
        Hand();
        Door();
    }

    public void Refuse(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        worker.IsSulking = true;
        GiveBack([connection]);
        Door();
    }

    public void LaneFull(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        Continued -= _known[connection] is { Offers: 1, HasBegun: true, IsIdle: false } ? 1 : 0;
        _known[connection].Offers--;
        var unanswered = worker.Connections.Count(one => !one.Value);
        if (unanswered > 0)
            worker.Window = Math.Min(worker.Window, unanswered);
        else
            worker.IsSulking = true;
        GiveBack([connection]);
        Door();
    }

    public void Return(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        _known[connection].Stop();
        GiveBack([connection]);
        Door();
    }

    public void Park(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        worker.IsSulking = false;
        _known[connection].Stop();
        (_known[connection].IsIdle, _known[connection].Strikes) = (true, 0);
        Parked.Add(connection);
        Parked.Sort();
        Said.Add($"watch c{connection}");
        Hand();
        Door();
    }

    public void Wake(long connection)
    {
        Parked.Remove(connection);
        GiveBack([connection]);
        Door();
    }

    public void Finish(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        worker.IsSulking = false;
        Said.Add($"release c{connection}");
        Hand();
        Door();
    }

    public void Die(ModelWorker worker, ICollection<long> continuable, long? suspect)
    {
        Workers.Remove(worker);
        var back = new List<long>();
        foreach (var (connection, isTaken) in worker.Connections.OrderBy(one => one.Key))
        {
            if (isTaken && !continuable.Contains(connection))
            {
                Said.Add($"reject c{connection} WorkerDied");
                continue;
            }
            var known = _known[connection];
            if (isTaken)
                known.Stop();
            known.Strikes = suspect == connection ? known.Strikes + 1 : 0;
            if (known.Strikes >= _policy.MaximumStrikes)
                Said.Add($"reject c{connection} Quarantined");
            else
                GiveBack([connection], back);
        }
        Hand();
        SayWhoWaits(back);
        if (worker.Slots > 0 && worker.Failures == 0)
            Hire(failures: 1);
        Door();
    }

    private void GiveBack(long[] connections)
    {
        GiveBack(connections, []);
        Hand();
        SayWhoWaits(connections);
    }

    private void SayWhoWaits(IEnumerable<long> connections) =>
        Said.AddRange(connections.Where(c => Waiting.Contains(c) || Resuming.Contains(c)).Select(c => $"wait c{c}"));

    private void GiveBack(long[] connections, List<long> back)
    {
        foreach (var connection in connections)
        {
            var known = _known[connection];
            if (known.Offers >= _policy.MaximumOffers)
            {
                Said.Add($"reject c{connection} {(known is { HasBegun: true, IsIdle: false } ? "Interrupted" : "NobodyTookIt")}");
                continue;
            }
            var queue = known.HasBegun ? Resuming : Waiting;
            queue.Add(connection);
            queue.Sort();
            back.Add(connection);
        }
    }

    private void Hand()
    {
        while (Waiting.Count + Resuming.Count > 0 && Workers.Where(IsFree).OrderBy(w => w.Connections.Count).ThenBy(w => w.LastUse).FirstOrDefault() is { } worker)
        {
            var queue = Resuming.Count > 0 ? Resuming : Waiting;
            var connection = queue[0];
            queue.RemoveAt(0);
            Continued += _known[connection] is { Offers: 0, HasBegun: true, IsIdle: false } ? 1 : 0;
            _known[connection].Offers++;
            worker.LastUse = Workers.Max(w => w.LastUse) + 1;
            worker.Connections[connection] = false;
            Said.Add($"dispatch c{connection} w{worker.Id}");
        }
    }

    private void Hire(int failures)
    {
        Workers.Add(new ModelWorker { Id = ++_spawned, Failures = failures });
        Said.Add($"spawn w{_spawned}");
    }

    private void Door()
    {
        var pause = Waiting.Count + Resuming.Count >= _policy.Backlog;
        if (pause != _paused)
            Said.Add(pause ? "pause" : "resume");
        _paused = pause;
    }

    private static bool IsFree(ModelWorker worker) => !worker.IsSulking && worker.Connections.Count < worker.Slots && worker.Connections.Count(one => !one.Value) < worker.Window;

    private sealed class ModelConnection
    {
        public required PeerKey Peer { get; init; }
        public int Offers { get; set; }
        public int Strikes { get; set; }
        public bool HasBegun { get; set; }
        public bool IsIdle { get; set; }

        public void Stop() => (Offers, HasBegun, IsIdle) = (0, true, false);
    }

    /// <summary>A worker of the model; no slots before it is ready, and a connection's value tells whether it was acknowledged.</summary>
    internal sealed class ModelWorker
    {
        public required int Id { get; init; }
        public required int Failures { get; init; }
        public int Slots { get; set; }
        public int Window { get; set; } = int.MaxValue;
        public bool IsSulking { get; set; }
        public long LastUse { get; set; }
        public Dictionary<long, bool> Connections { get; } = [];
    }
}
