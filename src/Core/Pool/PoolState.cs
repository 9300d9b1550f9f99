using LanguageExt;
using LanguageExt.ClassInstances;
using Trainyard.Core.Machine;

namespace Trainyard.Core.Pool;

/// <summary>All that a pool remembers between two events. Immutable; only <see cref="PoolMachine"/> makes one.</summary>
/// <remarks>
/// The maps are keyed by the number inside the id and name their ordering, because a map that has to find the ordering of its
/// key by itself reflects over every loaded assembly once per process, which takes a quarter of a second.
/// </remarks>
public sealed record PoolState
{
    internal PoolState(PoolPolicy policy, DateTimeOffset now)
    {
        Policy = policy;
        Target = Math.Clamp(policy.Workers, 1, PoolPolicy.MostWorkers);
        Now = now.ToUniversalTime();
    }

    /// <summary>The settings.</summary>
    public PoolPolicy Policy { get; }

    /// <summary>Where the pool stands between start and end.</summary>
    public Phase Phase { get; internal init; } = new Phase.Running(Successor: null);

    /// <summary>The latest time that any event has told. Never goes back.</summary>
    public DateTimeOffset Now { get; internal init; }

    /// <summary>How many workers there should be, <c>1 ..= </c><see cref="PoolPolicy.MostWorkers"/>.</summary>
    public int Target { get; internal init; }

    /// <summary>The workers whose exit has not been noticed, in the order of their spawn.</summary>
    public Arr<Worker> Workers { get; internal init; } = Arr<Worker>.Empty;

    /// <summary>Connections that nobody has begun, in the order of their arrival.</summary>
    public Map<OrdLong, long, Custody.Waiting> Waiting { get; internal init; }

    /// <summary>Connections that have begun and wait for a worker that goes on with them, in the order of their arrival.</summary>
    public Map<OrdLong, long, Custody.Resuming> Resuming { get; internal init; }

    /// <summary>Connections that have begun and wait for their next byte, in the order of their arrival.</summary>
    public Map<OrdLong, long, Custody.Parked> Parked { get; internal init; }

    /// <summary>Connections that a worker has, acknowledged or not.</summary>
    public Map<OrdLong, long, Custody> Held { get; internal init; }

    /// <summary>Hand-offs to living workers without an answer, by the number of the dispatch: the oldest first.</summary>
    public Map<OrdLong, long, Offer> Offers { get; internal init; }

    /// <summary>Connections that the new master was to be given, without an answer.</summary>
    public Map<OrdLong, long, Custody.HandingOn> HandingOn { get; internal init; }

    /// <summary>The connections in custody by their peers; empty where the policy has no limit by address.</summary>
    public PeerCounts Peers { get; internal init; } = PeerCounts.Empty;

    /// <summary>Replacements that wait out a back-off, the next one first.</summary>
    public Arr<Respawn> Respawns { get; internal init; } = Arr<Respawn>.Empty;

    /// <summary>The start failures that count towards a crash loop, the oldest first.</summary>
    public Arr<DateTimeOffset> StartFailures { get; internal init; } = Arr<DateTimeOffset>.Empty;

    /// <summary>How many workers were ever spawned; the last one's id.</summary>
    public int Spawned { get; internal init; }

    /// <summary>How many hand-offs were ever commanded; the last one's number.</summary>
    public long Dispatched { get; internal init; }

    /// <summary>Whether accepting is paused, as last commanded.</summary>
    public bool AcceptPaused { get; internal init; }

    /// <summary>Until when the kernel is taken to have no descriptor left; <c>null</c> where it has.</summary>
    public DateTimeOffset? ExhaustedUntil { get; internal init; }

    /// <summary>Until when no connection is accepted because of <see cref="PoolPolicy.AcceptRate"/>; <c>null</c> where they are.</summary>
    public DateTimeOffset? ThrottledUntil { get; internal init; }

    /// <summary>What has become of the connections.</summary>
    public PoolTally Tally { get; internal init; }

    /// <summary>Whether the pool takes and dispatches connections.</summary>
    public bool IsRunning => Phase is Phase.Running;

    /// <summary>Whether a new master serves, which is given what can still be served.</summary>
    public bool HasSuccessor =>
        Phase is Phase.Draining { Successor: true } or Phase.Stopping { Successor: true } or Phase.Stopped { Successor: true };

    internal TokenBucket AcceptBucket { get; init; }

    internal ParkingTimes ParkingTimes { get; init; } = ParkingTimes.Empty;

    /// <summary>Connections that wait for a free slot, begun or not: what the backlog is measured by.</summary>
    public int Queued => Waiting.Count + Resuming.Count;

    /// <summary>How many connections may arrive before one would find the queue full, whatever becomes of them.</summary>
    public int Room => Math.Max(0, Math.Max(1, Policy.Backlog) - Queued);

    /// <summary>Where the connection is; <c>null</c> where the pool has no custody of it.</summary>
    public Custody? Find(ConnectionId connection) =>
        Held.Find(connection.Value).Case as Custody
        ?? Waiting.Find(connection.Value).Case as Custody
        ?? Resuming.Find(connection.Value).Case as Custody
        ?? Parked.Find(connection.Value).Case as Custody
        ?? HandingOn.Find(connection.Value).Case as Custody;

    internal PoolState At(DateTimeOffset now) => now > Now ? this with { Now = now.ToUniversalTime() } : this;

    /// <summary>The worker's place in <see cref="Workers"/>, or -1.</summary>
    internal int IndexOf(WorkerId worker)
    {
        var (from, to) = (0, Workers.Count - 1);
        while (from <= to)
        {
            var middle = (from + to) / 2;
            var id = Workers[middle].Id.Value;
            if (id == worker.Value)
                return middle;
            (from, to) = id < worker.Value ? (middle + 1, to) : (from, middle - 1);
        }
        return -1;
    }

    internal PoolState Put(int index, Worker worker) => this with { Workers = Workers.SetItem(index, worker) };
}
