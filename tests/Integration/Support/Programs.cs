using System.Diagnostics;

namespace Trainyard.Integration.Support;

/// <summary>The programs under test, and the independent peer in C, as processes.</summary>
internal static class Programs
{
    private static readonly Lazy<(TemporaryDirectory Directory, string Path)> CompiledPeer = new(CompilePeer);

    private static readonly Lazy<TemporaryDirectory> RunDirectory = new(RemovedAtExit);

    /// <summary>The server's executable, beside the tests.</summary>
    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "trainyard-server");

    /// <summary>The client's executable, beside the tests.</summary>
    public static string Client { get; } = Path.Combine(AppContext.BaseDirectory, "trainyard");

    /// <summary>The peer, compiled once a run.</summary>
    public static string Peer => CompiledPeer.Value.Path;

    /// <summary>Where servers under test have their control sockets unless told otherwise; this run's own, as are the ports.</summary>
    public static string RuntimeDirectory => RunDirectory.Value.Path;

    /// <summary>Starts a program with both outputs redirected.</summary>
    public static Process Start(string program, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["XDG_RUNTIME_DIR"] = RuntimeDirectory, ["XDG_STATE_HOME"] = RuntimeDirectory },
        })!;

    /// <summary>Runs a program to its end; one that does not end within a minute and a half is killed and fails the test.</summary>
    public static async Task<Finished> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        return await EndOfAsync(process);
    }

    /// <summary>Waits for a process that <see cref="Start"/> began.</summary>
    public static async Task<Finished> EndOfAsync(Process process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} hangs");
        }
    }

    private static TemporaryDirectory RemovedAtExit()
    {
        var directory = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Dispose();
        return directory;
    }

    /// <summary>A file of the repository.</summary>
    public static string Source(string path)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functional.sln")))
            root = Path.GetDirectoryName(root)!;
        return Path.Combine(root, path);
    }

    private static (TemporaryDirectory Directory, string Path) CompilePeer()
    {
        var directory = RemovedAtExit();
        var (code, output) = CCompiler.Run(
            "gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", directory["peer"],
            Source("tests/Integration/Peers/textbook_peer.c"));
        return code == 0 ? (directory, directory["peer"]) : throw new InvalidOperationException(output);
    }
}

/// <summary>How a process ended, and what it wrote.</summary>
internal sealed record Finished(int Code, string Output, string Error);
