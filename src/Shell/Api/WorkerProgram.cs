namespace Trainyard.Shell;

/// <summary>A program to start as a worker.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Arguments">Arguments that come before the worker's own.</param>
public sealed record WorkerProgram(string Path, params IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// This same program: its native or apphost executable, or, where it runs under <c>dotnet</c>, that with the program's assembly.
    /// </summary>
    public static WorkerProgram Self()
    {
        var path = Environment.ProcessPath ?? "/proc/self/exe";
        return System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? new WorkerProgram(path, System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0]))
            : new WorkerProgram(path);
    }
}
