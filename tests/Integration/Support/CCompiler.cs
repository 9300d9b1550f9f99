using System.ComponentModel;
using System.Diagnostics;

namespace Trainyard.Integration.Support;

/// <summary>Compiles small C programs for tests that compare with the C headers or need a program of their own.</summary>
internal static class CCompiler
{
    /// <summary>Compiles one source file.</summary>
    /// <param name="directory">Where the program goes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">The whole source; _GNU_SOURCE is defined.</param>
    /// <returns>The absolute path of the program.</returns>
    public static string Compile(TemporaryDirectory directory, string name, string source)
    {
        File.WriteAllText(directory[name + ".c"], source);
        var program = directory[name];
        var (code, output) = Run("gcc", "-D_GNU_SOURCE", "-Wall", "-Werror", "-o", program, program + ".c");
        return code == 0 ? program : throw new InvalidOperationException($"gcc cannot compile {name}.c:\n{output}");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and what it wrote to both outputs.</returns>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception reason) when (program == "gcc")
        {
            throw new InvalidOperationException(
                "These tests need gcc on the PATH, to compare with the C headers of this machine; see the prerequisites in README.md.",
                reason);
        }
    }
}
