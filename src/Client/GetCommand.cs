using System.CommandLine;
using Trainyard.Cli;

namespace Trainyard.Client;

/// <summary><c>trainyard get SOURCE... [DEST]</c>: fetch files and trees.</summary>
internal static class GetCommand
{
    private const string StandardOutput = "-";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var session = new SessionOptions();
        var output = new OutputOptions(
            "type (file, tree), source, target, seconds, bytes, reconnects; a file has moved, resumed, hash, digest, identity, or kept; a tree has files, "
            + "skipped, directories, links, failed");
        var transfer = new TransferOptions("how many files of several at once; of one large file, how many ranges");
        var arguments = new Argument<string[]>("SOURCE... [DEST]")
        {
            Description = $"addresses, {Arguments.Patterns}; then a local file or directory (default: this directory), or - for standard output",
            Arity = ArgumentArity.OneOrMore,
        };
        var destination = new Option<string?>("--output", "-o") { Description = "the destination, instead of the last argument", HelpName = "path" };
        var command = new Command(
            "get", "Fetch files and trees. A broken transfer goes on where it stopped, by itself and when the command is given again. Prints digests for md5sum -c and its kin.")
        {
            arguments, destination,
        };
        transfer.AddTo(command);
        session.AddTo(command, movesFiles: true);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var choices = transfer.Read(parsed);
            var (sources, target) = Split(parsed.GetRequiredValue(arguments), parsed.GetValue(destination));
            if (!choices.IfIdentity.IsNone && (sources is not [{ Pattern: null }] || choices.Recursive))
                throw new UsageException("--if-identity is for one file");
            using var report = output.Open(parsed, outputIsTaken: target == StandardOutput);
            var tally = new Tally(report, stopsAtFirst: target == StandardOutput);
            await using var servers = session.Open(parsed, report);
            if (target == StandardOutput)
                await new GetToOutput(choices, report, tally, cancellation).RunAsync(servers, sources).ConfigureAwait(false);
            else
                await FetchAsync(servers, sources, choices, target, report, tally, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }

    private static async Task FetchAsync(
        Servers servers, IReadOnlyList<RemoteSource> sources, TransferChoices choices, string destination, Report report, Tally tally,
        CancellationToken cancellation)
    {
        var hasSeveral = sources is not [{ Pattern: null }];
        var plan = new GetPlan(choices, destination, hasSeveral, report, cancellation);
        foreach (var source in sources)
            await tally.RunAsync(source.Text, async () =>
            {
                foreach (var target in await RemoteTarget.ResolveAsync(servers, source, cancellation).ConfigureAwait(false))
                    await tally.RunAsync(
                        target.Address.ToString(),
                        () => plan.AddAsync(target, isContent: source is { Pattern: null, IsDirectory: true })).ConfigureAwait(false);
            }).ConfigureAwait(false);
        await new TransferSet("get", choices, report, tally).RunAsync(plan.Items, cancellation).ConfigureAwait(false);
    }

    // The last argument is the destination unless it is an address.
    private static (IReadOnlyList<RemoteSource> Sources, string Destination) Split(string[] arguments, string? option)
    {
        var last = RemoteSource.IsAddress(arguments[^1]) ? null : arguments[^1];
        if (last is not null && option is not null)
            throw new UsageException($"the destination is either {LocalNames.Display(last)} or {LocalNames.Display(option)}");
        var sources = last is null ? arguments : arguments[..^1];
        if (sources.Length == 0)
            throw new UsageException($"'{LocalNames.Display(arguments[0])}' is no address; one begins with train:// or train+unix://");
        var destination = option ?? last ?? ".";
        return destination.Length > 0 ? ([.. sources.Select(RemoteSource.Parse)], destination) : throw new UsageException("the destination is empty");
    }
}
