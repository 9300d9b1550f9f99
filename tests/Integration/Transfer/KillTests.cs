using System.Diagnostics;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>
/// Whoever is killed, whenever: the transfer goes on and moves no more than what was under way once more, and under the final name there is never
/// anything but a whole file.
/// </summary>
public sealed class KillTests : IAsyncDisposable
{
    private const int Killed = 128 + 9;

    private static readonly long Size = LongRun.Or(1L << 30, 64L << 20) + 12_345;

    private readonly ITestOutputHelper _output;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _here;
    private readonly string _there;
    private readonly Random _random = new();
    private readonly Queue<long> _moments = [];
    private readonly List<RunningServer> _killed = [];
    private readonly List<int> _orphans = [];
    private RunningServer? _server;
    private Process? _client;
    private Task _late = Task.CompletedTask;
    private string _victim = "";
    private bool _isGet;
    private int _jobs;
    private long _passed;
    private long _underWay;
    private int _kills;

    public KillTests(ITestOutputHelper output)
    {
        _output = output;
        (_here, _there) = (_directory.Sub("here"), _directory.Sub("there"));
    }

    /// <summary>Who is killed, while what is done, over how many connections at once.</summary>
    public static TheoryData<string, string, int> Cases => [
        .. (IEnumerable<(string, string, int)>)[
            ("client", "get", 3), ("client", "put", 1), ("worker", "get", 1), ("worker", "put", 1), ("master", "put", 1), ("server", "get", 2)],
        .. LongRun.Or<IEnumerable<(string, string, int)>>(
            [("client", "get", 1), ("worker", "get", 3), ("master", "get", 1), ("server", "put", 1)], [])];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_kill_costs_what_was_under_way_and_nothing_else(string victim, string verb, int jobs)
    {
        (_victim, _isGet, _jobs) = (victim, verb == "get", jobs);
        string[] digests = [Contents.Create(_directory["0"], Size, 1), Contents.Create(_directory["1"], Size, 2)];
        foreach (var name in (string[])["0", "1"])
            File.Move(_directory[name], Path.Combine(_isGet ? _there : _here, name));
        var final = Path.Combine(_isGet ? _here : _there, "final");
        _server = await StartAsync(0);
        Proxy? proxy = null;
        using var made = proxy = new Proxy(
            _server.Port, () => (toClient, bytes) => toClient == _isGet ? Look(proxy!, bytes.Length) : Proxy.Course.Pass);
        using var watcher = new NameWatcher(final);
        for (var round = 0; round < LongRun.Or(10, 1); round++)
        {
            if (round > 0)
            {
                // A new one has workers at once; to replace one that has died often takes a while.
                await EndAsync(_server);
                _server = await StartAsync(_server.Port);
            }
            var address = $"train://127.0.0.1:{proxy.Port}/";
            string[] command =
            [
                verb, .. _isGet ? (string[])[$"{address}{round % 2}", final, "--jobs", $"{jobs}"] : [Path.Combine(_here, $"{round % 2}"), $"{address}final"],
                "--json", "--retry", "50",
            ];
            await RoundAsync(proxy, command, () => File.Exists(final) && Contents.Digest(final) == digests[round % 2]);
            Assert.Equal(digests[round % 2], Contents.Digest(final));
            Assert.Equal(["0", "1", "final"], Files(_here).Concat(Files(_there)).Order());
            Assert.False(HasJournal());
        }
        watcher.Dispose();
        Assert.All(watcher.Seen, seen => Assert.Contains(seen, digests));
    }

    private static bool HasJournal() => Directory.EnumerateFiles(Programs.RuntimeDirectory, "*.upload", SearchOption.AllDirectories).Any();

    // Hidden ones too, but for the digests that the server keeps.
    private static IEnumerable<string?> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName);

    private async Task RoundAsync(Proxy proxy, string[] command, Func<bool> isThere)
    {
        lock (proxy.Gate)
        {
            (_passed, _underWay, _kills) = (0, 0, 0);
            foreach (var moment in Enumerable.Range(0, LongRun.Or(5, 4)).Select(_ => Math.Min(Size, _random.NextInt64(Size * 5 / 4))).Order())
                _moments.Enqueue(moment);
        }
        var runs = 1;
        var end = await RunAsync(command);
        // One that was killed behind its last step has nothing left to do.
        for (; end.Code == Killed && _victim == "client" && !(_passed >= Size && !HasJournal() && isThere()); runs++)
            end = await RunAsync(command);
        Assert.True(end.Code is 0 or Killed, $"exit code {end.Code}: {end.Error}");
        var again = _passed - Size;
        _output.WriteLine($"{_victim} {command[0]}: {_kills} kills, {again} bytes beyond the file, {_underWay} under way; {end.Output.TrimEnd()}");
        // What belongs to no file is headers, hellos and requests.
        var others = (Size >> 12) + (64_000L * (runs + _kills));
        Assert.InRange(again, 0, _underWay + others + ((long)_kills * _jobs * ResumeLayout.SmallestBlock));
        Assert.Empty(_moments);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await EndAsync(_server);
        foreach (var killed in _killed)
        {
            await killed.EndAsync();
            await killed.DisposeAsync();
        }
        foreach (var pid in _orphans)
            await Until.HoldsAsync(() => !RunningServer.IsWorker(pid), $"worker {pid} ends behind its master");
        _directory.Dispose();
    }

    private static async Task EndAsync(RunningServer server)
    {
        const int Cut = 12;
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code is 0 or Cut, $"exit code {code}: {log}");
        await server.DisposeAsync();
    }

    private async Task<RunningServer> StartAsync(int port) =>
        await RunningServer.StartProgramAsync(
            Programs.Server, "serve", _there, "--listen", $"127.0.0.1:{port}", "--control", "none", "--processes", "1");

    private async Task<Finished> RunAsync(string[] command)
    {
        using var client = Programs.Start(Programs.Client, command);
        _client = client;
        var end = await Programs.EndOfAsync(client);
        await _late;
        return end;
    }

    // In the proxy's gate, so nothing more arrives while it looks and kills.
    private Proxy.Course Look(Proxy proxy, int count)
    {
        _passed += count;
        while (_moments.TryPeek(out var moment) && _passed >= moment)
        {
            _moments.Dequeue();
            if (moment < Size)
                Kill(proxy);
            else
                _late = Task.WhenAll(_late, KillLaterAsync(proxy));
        }
        return Proxy.Course.Pass;
    }

    // All bytes have passed: now they are verified, stored and named.
    private async Task KillLaterAsync(Proxy proxy)
    {
        await Task.Delay(_random.Next(30));
        lock (proxy.Gate)
            Kill(proxy);
    }

    private void Kill(Proxy proxy)
    {
        _kills++;
        // And what each of the proxy's threads has in its hands.
        _underWay += _jobs * Proxy.BytesAtOnce
            + (_isGet ? Queues.From(proxy.Port) + Queues.From(_server!.Port) : Queues.To(proxy.Port) + Queues.To(_server!.Port));
        switch (_victim)
        {
            case "client":
                _client!.Kill();
                break;
            case "worker":
                foreach (var (pid, _) in _server.Workers())
                    RunningServer.Kill(pid, Signal.Kill);
                break;
            default:
                Restart(withWorkers: _victim == "server");
                break;
        }
    }

    // Without its master a worker ends what it has begun, unless it is killed as well: by the end of a machine, or of its memory.
    private void Restart(bool withWorkers)
    {
        var killed = _server!;
        var workers = killed.Workers();
        RunningServer.Kill(killed.Pid, Signal.Kill);
        foreach (var (pid, _) in workers)
            if (withWorkers)
                RunningServer.Kill(pid, Signal.Kill);
        _killed.Add(killed);
        _orphans.AddRange(workers.Select(static worker => worker.Pid));
        Until.HoldsAsync(() => !Directory.Exists($"/proc/{killed.Pid}"), "the master is gone").GetAwaiter().GetResult();
        _server = StartAsync(killed.Port).GetAwaiter().GetResult();
    }
}
