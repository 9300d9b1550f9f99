using System.CommandLine;

namespace Trainyard.Cli;

/// <summary>Runs a command line: a usage error is one sentence on standard error and exit code 2; so is every failure, with its own code.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="args">The command line.</param>
    /// <param name="farewell">How long a command may take after Ctrl-C to leave in order; <c>null</c> for the library's time.</param>
    public static async Task<int> RunAsync(RootCommand root, string program, string[] args, TimeSpan? farewell = null)
    {
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        configuration.ProcessTerminationTimeout = farewell ?? configuration.ProcessTerminationTimeout;
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return (int)Fail(program, ExitCode.Usage, $"{parsed.Errors[0].Message.TrimEnd('.')} (see {program} --help)");
        try
        {
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            return (int)Fail(program, ExitCode.Usage, $"{e.Message} (see {program} --help)");
        }
        catch (Shell.TransferException e)
        {
            return (int)Fail(program, ExitCodes.Of(e.Reason), FailureText.Of(e));
        }
        catch (InterruptedException e)
        {
            return (int)Fail(program, ExitCode.Interrupted, e.Message);
        }
        catch (OperationCanceledException)
        {
            return (int)Fail(program, ExitCode.Interrupted, "interrupted");
        }
    }

    private static ExitCode Fail(string program, ExitCode code, string sentence)
    {
        Console.Error.WriteLine($"{program}: {sentence}");
        return code;
    }
}
