using System.CommandLine;

namespace Trainyard.Client;

/// <summary>The options of every command about what it prints.</summary>
/// <param name="fields">What a line of JSON has, for help.</param>
internal sealed class OutputOptions(string fields)
{
    private readonly Option<bool> _json = new("--json") { Description = $"print lines of JSON, each an object with {fields}; failures have type (error), subject, reason, exit, message, resumable" };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "print nothing but errors, and JSON where that is asked for" };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "say on standard error what is done and how" };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_quiet);
        command.Add(_verbose);
    }

    /// <summary>What prints as they say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="outputIsTaken">Whether standard output carries a file's bytes, so that results go to standard error.</param>
    public Report Open(ParseResult parsed, bool outputIsTaken = false) =>
        new(parsed.GetValue(_quiet), parsed.GetValue(_json), parsed.GetValue(_verbose), outputIsTaken);
}
