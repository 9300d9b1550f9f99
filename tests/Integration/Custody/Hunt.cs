using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Integration.Custody;

/// <summary>
/// Kills random workers while bytes pass between a server and its clients, each at some byte, whoever it is that serves just then; and often another one
/// a moment later, when somebody has begun to go on. Clients connect to <see cref="Port"/>, and cannot know of it.
/// </summary>
internal sealed class Hunt : IDisposable
{
    // So little is on its way that workers are always in the middle.
    private const int Queue = 64 * 1024;
    private const int LongestPauseMs = 60;

    private readonly RunningServer _server;
    private readonly Signal _signal;
    private readonly Queue<long> _moments;
    private readonly List<Task> _late = [];
    private readonly Proxy _proxy;
    private long _passed;
    private int _kills;

    /// <summary>Begins.</summary>
    /// <param name="server">Whose workers.</param>
    /// <param name="bytes">How many bytes will pass.</param>
    /// <param name="kills">How often at least one is killed while they do.</param>
    /// <param name="toClient">Whether bytes to clients are meant, or bytes to the server.</param>
    /// <param name="signal">What the first of them is sent; those that follow are killed.</param>
    public Hunt(RunningServer server, long bytes, int kills, bool toClient = true, Signal signal = Signal.Kill)
    {
        _server = server;
        _signal = signal;
        _moments = new(Enumerable.Range(0, kills).Select(_ => Random.Shared.NextInt64(bytes)).Order());
        _proxy = new(server.Port, () => (there, piece) => there == toClient ? Look(piece.Length) : Proxy.Course.Pass, Queue);
    }

    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    public int Port => _proxy.Port;

    /// <summary>How many were killed.</summary>
    public int Kills => Volatile.Read(ref _kills);

    /// <summary>Whether nobody is killed a moment later.</summary>
    public bool IsMerciful { get; init; }

    /// <summary>Waits until nobody will be killed any more.</summary>
    public async Task IsOverAsync()
    {
        await Until.HoldsAsync(() => _moments.Count == 0, "all bytes have passed");
        Task[] late;
        lock (_proxy.Gate)
            late = [.. _late];
        await Task.WhenAll(late);
    }

    /// <inheritdoc/>
    public void Dispose() => _proxy.Dispose();

    private Proxy.Course Look(int count)
    {
        _passed += count;
        while (_moments.TryPeek(out var moment) && _passed > moment)
        {
            _moments.Dequeue();
            Kill(_signal);
            if (!IsMerciful && Random.Shared.Next(2) == 0)
                _late.Add(KillLaterAsync());
        }
        return Proxy.Course.Pass;
    }

    private async Task KillLaterAsync()
    {
        await Task.Delay(Random.Shared.Next(LongestPauseMs));
        Kill(Signal.Kill);
    }

    private void Kill(Signal signal)
    {
        if (_server.Workers() is not { Count: > 0 } workers)
            return;
        RunningServer.Kill(workers[Random.Shared.Next(workers.Count)].Pid, signal);
        Interlocked.Increment(ref _kills);
    }
}
