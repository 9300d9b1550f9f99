using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard put SOURCE... URL</c>: send files and trees.</summary>
internal static class PutCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var session = new SessionOptions();
        var output = new OutputOptions(
            "type (file, tree), source, target, seconds, bytes, reconnects; a file has moved, resumed, hash, digest, identity, or kept; a tree has files, "
            + "skipped, directories, links, failed");
        var transfer = new TransferOptions("how many files at once");
        var arguments = new Argument<string[]>("SOURCE... URL")
        {
            Description = "local files and directories, or - for standard input; then the address: a file's, or a directory's if it ends in /, is there, or gets several or directories",
            Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
        };
        var command = new Command(
            "put", "Send files and trees. The server shows a file only once it is whole. A broken transfer goes on where it stopped, by itself and when the command is given again.")
        {
            arguments,
        };
        transfer.AddTo(command);
        session.AddTo(command, movesFiles: true);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var choices = transfer.Read(parsed);
            var all = parsed.GetRequiredValue(arguments);
            var (sources, destination) = (all[..^1], RemoteSource.ParseOne(all[^1]));
            if (Array.Find(sources, RemoteSource.IsAddress) is { } address)
                throw new UsageException($"{LocalNames.Display(address)} is at a server; put sends local files");
            if (!choices.IfIdentity.IsNone && (sources.Length > 1 || choices.Recursive))
                throw new UsageException("--if-identity is for one file");
            using var report = output.Open(parsed);
            var tally = new Tally(report);
            await using var servers = session.Open(parsed, report);
            await SendAsync(servers, sources, choices, destination, report, tally, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }

    private static async Task SendAsync(
        Servers servers, string[] sources, TransferChoices choices, TrainAddress destination, Report report, Tally tally, CancellationToken cancellation)
    {
        var client = await servers.ConnectAsync(destination, cancellation).ConfigureAwait(false);
        var mustBeDirectory = sources.Length > 1 || destination.IsDirectory;
        var isInto = mustBeDirectory || await RemoteDirectory.IsMeantAsync(servers, destination, cancellation).ConfigureAwait(false);
        var plan = new PutPlan(client, destination, isInto, choices, cancellation);
        foreach (var source in sources)
            await tally.RunAsync(LocalNames.Display(source), () =>
            {
                plan.Add(source);
                return Task.CompletedTask;
            }).ConfigureAwait(false);
        var needsDirectory = mustBeDirectory ? plan.Items.Count > 0 : plan.Items.Any(static item => item.IsTree);
        if (needsDirectory && !choices.DryRun && !destination.Path.IsRoot)
            await client.MakeDirectoryAsync(destination.Path, parents: true, cancellation).ConfigureAwait(false);
        await new TransferSet("put", choices, report, tally).RunAsync(plan.Items, cancellation).ConfigureAwait(false);
    }
}
