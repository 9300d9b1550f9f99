using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>
/// The pool told naively: mutable lists, sorting, no clock (so nothing expires and no back-off ends). Each operation returns, as
/// text, what ought to be commanded.
/// </summary>
internal sealed class PoolModel
{
    private readonly PoolPolicy _policy;
    private readonly Dictionary<long, int> _offers = [];
    private readonly Dictionary<long, PeerKey> _peers = [];
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
    public List<string> Said { get; } = [];

    public int Idle => Workers.Count(w => w.Slots > 0 && w.Connections.Count == 0);
    public int Busy => Workers.Count(w => w.Slots > 0 && w.Connections.Count == w.Slots);

    public void Accept(long connection, PeerKey peer)
    {
        var others = Waiting.Concat(Workers.SelectMany(w => w.Connections.Keys)).Count(one => _peers[one] == peer);
        _offers[connection] = 0;
        _peers[connection] = peer;
        if (peer != PeerKey.None && others >= _policy.PerAddress)
            Said.Add($"reject c{connection} TooManyFromAddress");
        else if (Workers.Any(IsFree))
        {
            Waiting.Add(connection);
            Hand();
        }
        else if (Waiting.Count < _policy.Backlog)
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
        Hand();
        Door();
    }

    public static void Acknowledge(ModelWorker worker, long connection) => worker.Connections[connection] = true;

    public void Refuse(ModelWorker worker, long connection)
    {
        worker.Connections.Remove(connection);
        worker.IsSulking = true;
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

    public void Die(ModelWorker worker, ICollection<long> untouched)
    {
        Workers.Remove(worker);
        var back = new List<long>();
        foreach (var (connection, isTaken) in worker.Connections.OrderBy(one => one.Key))
            if (isTaken && !untouched.Contains(connection))
                Said.Add($"reject c{connection} WorkerDied");
            else
                GiveBack([connection], back);
        Hand();
        Said.AddRange(back.Where(Waiting.Contains).Select(c => $"wait c{c}"));
        if (worker.Slots > 0 && worker.Failures == 0)
            Hire(failures: 1);
        Door();
    }

    private void GiveBack(long[] connections)
    {
        GiveBack(connections, []);
        Hand();
        Said.AddRange(connections.Where(Waiting.Contains).Select(c => $"wait c{c}"));
    }

    private void GiveBack(long[] connections, List<long> back)
    {
        foreach (var connection in connections)
            if (_offers[connection] >= _policy.MaximumOffers)
                Said.Add($"reject c{connection} NobodyTookIt");
            else
            {
                Waiting.Add(connection);
                Waiting.Sort();
                back.Add(connection);
            }
    }

    private void Hand()
    {
        while (Waiting.Count > 0 && Workers.Where(IsFree).OrderBy(w => w.Connections.Count).ThenBy(w => w.LastUse).FirstOrDefault() is { } worker)
        {
            var connection = Waiting[0];
            Waiting.RemoveAt(0);
            _offers[connection]++;
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
        var pause = Waiting.Count >= _policy.Backlog;
        if (pause != _paused)
            Said.Add(pause ? "pause" : "resume");
        _paused = pause;
    }

    private static bool IsFree(ModelWorker worker) => !worker.IsSulking && worker.Connections.Count < worker.Slots;

    /// <summary>A worker of the model; no slots before it is ready, and a connection's value tells whether it was acknowledged.</summary>
    internal sealed class ModelWorker
    {
        public required int Id { get; init; }
        public required int Failures { get; init; }
        public int Slots { get; set; }
        public bool IsSulking { get; set; }
        public long LastUse { get; set; }
        public Dictionary<long, bool> Connections { get; } = [];
    }
}
