using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Trainyard.Shell.Linux;
using Xunit;
using Xunit.Sdk;

namespace Trainyard.Integration.Support;

/// <summary>A server under test. Disposing it ends it by SIGTERM, and checks that it leaves in order and leaves nothing behind.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;
    private readonly Task<string> _output;
    private bool _ended;

    private RunningServer(Process process, int port)
    {
        _process = process;
        Port = port;
        _log = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where its control socket is, unless it was told another place.</summary>
    public string ControlPath => Path.Combine(Programs.RuntimeDirectory, "trainyard", $"{Port}.sock");

    /// <summary>What it has written on standard output after its first line; complete at its end.</summary>
    public Task<string> Output => _output;

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts a textbook server and waits until it listens.</summary>
    public static Task<RunningServer> StartAsync(int workers, string dialect, string? file, params IEnumerable<string> more) =>
        StartProgramAsync(
            Programs.Server,
            ["textbook", "127.0.0.1", "0", $"{workers}", "--dialect", dialect, .. file is null ? [] : new[] { "--file", file }, .. more]);

    /// <summary>Starts any program that runs a pool, and waits until it says where it listens.</summary>
    public static async Task<RunningServer> StartProgramAsync(string program, params IEnumerable<string> arguments)
    {
        var process = Programs.Start(program, arguments);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Until.Patience);
        if (line?.StartsWith("listening on ", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"the server says '{line}': {await process.StandardError.ReadToEndAsync()}");
        return new(process, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Fetches with our own client into a directory.</summary>
    public Task<Finished> FetchAsync(string directory, string dialect, params IEnumerable<string> more) =>
        Programs.RunAsync(Programs.Client, ["textbook", "127.0.0.1", $"{Port}", "--dialect", dialect, "-o", directory, .. more]);

    /// <summary>Runs one of the server program's commands about it.</summary>
    public Task<Finished> ControlAsync(params IEnumerable<string> command) =>
        Programs.RunAsync(Programs.Server, [.. command, "--control", ControlPath]);

    /// <summary>Its status.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        var end = await ControlAsync("status", "--json");
        Assert.True(end.Code == 0, end.Error);
        return JsonElement.Parse(end.Output);
    }

    /// <summary>The worker processes' ids, and whether each is a zombie.</summary>
    public IReadOnlyList<(int Pid, bool IsZombie)> Workers() => ChildrenOf(Pid);

    /// <summary>Waits until there are so many workers and none of them is a zombie.</summary>
    public Task WaitForWorkersAsync(int count) => Until.HoldsAsync(
        () => Workers() is var now && now.Count == count && !now.Any(worker => worker.IsZombie),
        () => $"{count} workers; there are {string.Join(", ", Workers())}");

    /// <summary>The process ids of the workers that serve, or can; a process that is there may still be starting.</summary>
    public async Task<IReadOnlyList<int>> ServingAsync() =>
        [.. (await StatusAsync()).GetProperty("workers").EnumerateArray()
            .Where(worker => worker.GetProperty("state").GetString() is "ready" or "busy")
            .Select(worker => worker.GetProperty("pid").GetInt32())];

    /// <summary>Waits until it says that it is in a phase.</summary>
    public Task WaitForPhaseAsync(string phase) => Until.HoldsAsync(
        async () => (await StatusAsync()).GetProperty("server").GetProperty("phase").GetString() == phase, $"it is {phase}");

    /// <summary>Sends a signal to a process.</summary>
    public static void Kill(int pid, Signal signal)
    {
        var opened = Libc.OpenProcess(pid);
        if (!opened.IsOk)
            return;
        using (opened.Descriptor)
            _ = Libc.SendSignal(opened.Descriptor, signal);
    }

    /// <summary>Waits for a second in which it uses at most a tenth of the CPU; one that spins never has one.</summary>
    public async Task IdlesAsync()
    {
        // The runtime may be compiling what has just run often, and does so only once.
        for (var attempt = 1; ; attempt++)
        {
            var before = CpuTicks();
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            var ticks = CpuTicks() - before;
            if (ticks <= 10)
                return;
            Assert.True(attempt < 10, $"{ticks} ticks of CPU time in an idle second");
        }
    }

    /// <summary>
    /// What it has open, sorted, without what the runtime opens when it first needs it: assemblies, and standard error once more for the
    /// first warning.
    /// </summary>
    public IReadOnlyList<string> Open() =>
        [.. Directory.GetFileSystemEntries($"/proc/{Pid}/fd")
            .Select(TargetOf)
            .Where(target => !target.EndsWith(".dll", StringComparison.Ordinal) && target != TargetOf($"/proc/{Pid}/fd/2"))
            .Order()];

    /// <summary>Waits for the end, after a signal.</summary>
    public async Task<(int Code, string Log)> EndAsync()
    {
        _ended = true;
        using var limit = new CancellationTokenSource(Until.Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return (_process.ExitCode, await _log.WaitAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            var workers = Workers();
            _process.Kill();
            foreach (var (pid, _) in workers)
                Kill(pid, Signal.Kill);
            throw new TimeoutException(
                $"the server with the workers {string.Join(", ", workers)} does not end:\n{await _log.WaitAsync(Until.Patience)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What an end finds wrong is told after the test: thrown here, it would take the place of the test's own failure.
        try
        {
            await EndInOrderAsync();
        }
        catch (Exception e) when (e is IAssertionException or TimeoutException)
        {
            AfterTheTestAttribute.Fail(e);
        }
        _process.Dispose();
    }

    private async Task EndInOrderAsync()
    {
        var workers = Workers();
        if (!_ended)
        {
            Kill(Pid, Signal.Terminate);
            var (code, log) = await EndAsync();
            Assert.True(code == 0, $"exit code {code}:\n{log}");
            Assert.Contains("drained", log, StringComparison.Ordinal);
        }
        foreach (var (pid, _) in workers)
            Assert.False(IsWorker(pid), $"worker {pid} outlives its server");
    }

    /// <summary>Whether there is a process of that id that has not ended.</summary>
    public static bool IsAlive(int pid) => StatFields(pid) is [not "Z", ..];

    /// <summary>Whether a worker of that id is alive.</summary>
    public static bool IsWorker(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("--trainyard-worker", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string TargetOf(string link) => new FileInfo(link).LinkTarget ?? "";

    // In clock ticks of 10 ms (proc(5)).
    private long CpuTicks()
    {
        var fields = StatFields(Pid);
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    /// <summary>The processes that a process has started and not reaped, and whether each is a zombie.</summary>
    public static IReadOnlyList<(int Pid, bool IsZombie)> ChildrenOf(int parent)
    {
        var children = new List<(int, bool)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && StatFields(pid) is { Length: > 2 } fields && fields[1] == $"{parent}")
                children.Add((pid, fields[0] == "Z"));
        return children;
    }

    // The fields after the program's name, which may hold anything: the state is number 0, the parent number 1.
    private static string[] StatFields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
