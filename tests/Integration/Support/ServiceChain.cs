using System.Diagnostics;
using System.Globalization;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Support;

/// <summary>
/// A server and those that succeed it, known by a word that is in the command line of all of them: the path of the file that they serve.
/// Disposing it ends whatever is left.
/// </summary>
internal sealed class ServiceChain : IAsyncDisposable
{
    private readonly Process _first;
    private readonly string _marker;
    private readonly Task<string> _log;
    private readonly List<string> _lines = [];

    private ServiceChain(Process first, string marker, int port)
    {
        _first = first;
        _marker = marker;
        Port = port;
        _log = ReadLogAsync();
        // Every successor says where it listens, and nobody may stop it by not reading that.
        _ = first.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Where all of them listen, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The first one's process id.</summary>
    public int FirstPid => _first.Id;

    /// <summary>Starts the first server and waits until it listens.</summary>
    public static async Task<ServiceChain> StartAsync(
        string marker, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        if (line?.StartsWith("listening on ", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"the server says '{line}': {await process.StandardError.ReadToEndAsync()}");
        return new(process, marker, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>The masters that are alive, oldest first.</summary>
    public IReadOnlyList<int> Masters() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && CommandLine(pid).Split('\0').Contains(_marker))
            .Order()];

    /// <summary>Everything that was logged up to now, by all of them.</summary>
    public string LogSoFar()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }

    /// <summary>Asks a master for an upgrade, and waits until its successor leads.</summary>
    /// <returns>The successor's process id.</returns>
    public async Task<int> UpgradeAsync(int master)
    {
        RunningServer.Kill(master, Signal.User2);
        await Until(() => LogSoFar().Contains($"process {master} has handed over", StringComparison.Ordinal), $"{master} does not hand over");
        var said = $"succeeding process {master}";
        Assert.Contains(said, LogSoFar(), StringComparison.Ordinal);
        return Successor(master);
    }

    /// <summary>Waits for a condition; gives up after a minute, with the log.</summary>
    public async Task Until(Func<bool> condition, string otherwise)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), $"{otherwise}:\n{LogSoFar()}");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends the newest by SIGTERM and waits until nobody is left.</summary>
    /// <returns>The log of all of them.</returns>
    public async Task<string> EndAsync()
    {
        if (Masters() is [.., var newest])
            RunningServer.Kill(newest, Signal.Terminate);
        await Until(() => Masters().Count == 0, "somebody stays");
        return await _log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var master in Masters())
            RunningServer.Kill(master, Signal.Kill);
        await _first.WaitForExitAsync();
        _first.Dispose();
    }

    private int Successor(int master)
    {
        var line = LogSoFar().Split('\n').Last(text => text.Contains("started as process ", StringComparison.Ordinal));
        var pid = int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        Assert.NotEqual(master, pid);
        return pid;
    }

    private async Task<string> ReadLogAsync()
    {
        while (await _first.StandardError.ReadLineAsync() is { } line)
            // Under load there are hundreds of thousands of these, and nobody asks for them.
            if (!line.Contains(" bytes in ", StringComparison.Ordinal))
                lock (_lines)
                    _lines.Add(line);
        return LogSoFar();
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
