using LanguageExt;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Pool;

/// <summary>Any event with any small id and any later time, made from two numbers.</summary>
internal static class StrayEvents
{
    public const int Kinds = 26;

    public static PoolEvent Make(int pick, int amount, DateTimeOffset now)
    {
        var worker = new WorkerId(pick / Kinds % 7);
        var connection = new ConnectionId(amount % 13);
        var rest = amount / 13;
        now += TimeSpan.FromMilliseconds(rest % 5 == 0 ? rest * 17 : 0);
        return (pick % Kinds) switch
        {
            0 => new PoolEvent.Accepted(connection, PoolWorld.Peer(rest), now),
            1 => new PoolEvent.WorkerReady(worker, (rest % 4) - 1, (rest % 100) / 50.0, now),
            2 => new PoolEvent.Acknowledged(worker, connection, now),
            3 => new PoolEvent.Refused(worker, connection, now),
            4 => new PoolEvent.Done(worker, connection, now),
            5 => new PoolEvent.WorkerExited(worker, new WorkerExit.Exited(rest % 256), Continuable(rest), rest % 2 == 0 ? null : connection, (rest % 100) / 50.0, now),
            6 => new PoolEvent.Heartbeat(worker, (ulong)rest, rest - 100, now),
            7 => new PoolEvent.Tick(now),
            8 => new PoolEvent.AcceptExhausted(now),
            9 => rest % 8 == 0 ? new PoolEvent.Drain(rest % 3 == 0 ? null : TimeSpan.FromMilliseconds(rest * 10), now) : new PoolEvent.Accepted(connection, PoolWorld.Peer(rest), now),
            10 => rest % 16 == 0 ? new PoolEvent.StopNow(now) : new PoolEvent.WorkerReady(worker, 1, 0, now),
            11 => new PoolEvent.Resize((rest % 7) - 3, now),
            12 => new PoolEvent.Retire(worker, now),
            13 => new PoolEvent.Reload(now),
            14 => new PoolEvent.Upgrade(rest % 3 == 0 ? null : TimeSpan.FromMilliseconds(rest * 10), now),
            15 => rest % 8 == 0 ? new PoolEvent.SuccessorReady(now) : new PoolEvent.Tick(now),
            16 => new PoolEvent.SuccessorFailed(now),
            17 => new PoolEvent.HandedOn(connection, now),
            18 => new PoolEvent.NotHandedOn(connection, now),
            19 => new PoolEvent.Returned(worker, connection, now),
            20 => new PoolEvent.Parked(worker, connection, rest % 3 == 0 ? null : now.AddMilliseconds((rest * 10) - 1000), now),
            21 => new PoolEvent.Woken(connection, now),
            22 => new PoolEvent.Adopted(connection, PoolWorld.Peer(rest), now),
            23 => new PoolEvent.Silent(worker, rest % 2 == 0, TimeSpan.FromMilliseconds(rest), now),
            24 => new PoolEvent.LaneFull(worker, connection, now),
            _ => new PoolEvent.ResizeTo((rest % 7) - 1, now),
        };
    }

    private static Arr<ConnectionId> Continuable(int bits) =>
        new(Enumerable.Range(0, 13).Where(i => (bits >> (i % 10)) % 2 == 1).Select(i => new ConnectionId(i)));
}
