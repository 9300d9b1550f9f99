namespace Trainyard.Shell.Upgrade;

/// <summary>What a successor runs: this process's own command line, with the program as it is on disk then.</summary>
internal sealed record SuccessorProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// The program behind our own command line (proc(5)). A path in argument 0 is kept as it was written, links and all, so that a
    /// release that is switched by a link is found; a bare name was looked up once, and the file that was found then counts. So it is for
    /// <c>dotnet program.dll</c>, where that file is the host.
    /// </summary>
    /// <remarks>To be read when the server starts: later the working directory may be another, and the running file deleted.</remarks>
    public static SuccessorProgram Self()
    {
        var words = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        var found = Environment.ProcessPath ?? "/proc/self/exe";
        var path = words[0].Contains('/', StringComparison.Ordinal) ? System.IO.Path.GetFullPath(words[0]) : found;
        return new(File.Exists(path) ? path : found, words[1..]);
    }
}
