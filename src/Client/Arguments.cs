using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    /// <summary>What patterns are, for help.</summary>
    public const string Patterns = "the last names may be patterns: * ? [a-z] [!a-z], and ** for any depth (quote them for the shell; %2A is a plain *)";

    /// <summary>One or more addresses.</summary>
    public static Argument<string[]> Addresses(string description) =>
        new("URL") { Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>One address.</summary>
    public static Argument<string> Address(string description) => new("URL") { Description = description };

    /// <summary>The addresses that were given, read.</summary>
    /// <exception cref="UsageException">One of them is none.</exception>
    public static IReadOnlyList<RemoteSource> SourcesOf(ParseResult parsed, Argument<string[]> argument) =>
        [.. parsed.GetRequiredValue(argument).Select(RemoteSource.Parse)];

    /// <summary>A digest's algorithm.</summary>
    public static Option<Choice<DigestAlgorithm>> Hash(string name, string description) =>
        Choices.OneOf<DigestAlgorithm>(
            name, description, new("xxh128", DigestAlgorithm.Xxh128), new("sha256", DigestAlgorithm.Sha256), new("md5", DigestAlgorithm.Md5));

    /// <summary>Only this content.</summary>
    public static Option<FileIdentity> IfIdentity(string description) =>
        new("--if-identity")
        {
            Description = $"{description}; the identity as stat prints it",
            HelpName = "hex",
            CustomParser = result =>
            {
                try
                {
                    return FileIdentity.Parse(result.Tokens[0].Value);
                }
                catch (FormatException)
                {
                    result.AddError($"--if-identity takes up to 64 bytes in hexadecimal, not '{result.Tokens[0].Value}'");
                    return default;
                }
            },
        };

    /// <summary>Nothing is done, only said.</summary>
    public static Option<bool> DryRun() => new("--dry-run", "-n") { Description = "say what would be done, and do nothing" };

    /// <summary>How many at once.</summary>
    public static Option<int> Jobs(string description) => WithAlias(Choices.Number("--jobs", description, 1, 1, 64), "-j");

    private static Option<T> WithAlias<T>(Option<T> option, string alias)
    {
        option.Aliases.Add(alias);
        return option;
    }
}
